package idserver.rest;

import idserver.issue.MonitorReceiver;
import idserver.issue.Receiver;
import idserver.issue.Refusal;
import idserver.rule.Ids;
import idserver.wire.AnswerEncoder;
import idserver.wire.Seq;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.core.CacheControl;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** One request over HTTP on its way to its answer. Told once, by any thread. */
final class RestExchange implements Receiver, MonitorReceiver {
  private final AsyncResponse response;
  private final Seq seq;
  private final boolean list;

  /**
   * @param list whether the ids are answered as a list, even one
   */
  RestExchange(AsyncResponse response, Seq seq, boolean list) {
    this.response = response;
    this.seq = seq;
    this.list = list;
  }

  @Override
  public void issued(Ids ids) {
    answer(200, list ? AnswerEncoder.many(ids, seq) : AnswerEncoder.one(ids, seq));
  }

  @Override
  public void counted(long counter, int nodeOffset) {
    answer(200, AnswerEncoder.monitor(counter, nodeOffset, seq));
  }

  @Override
  public void refused(Refusal refusal) {
    answer(refusal.kind().code(), AnswerEncoder.refused(refusal, seq));
  }

  private void answer(int status, byte[] json) {
    CacheControl never = new CacheControl();
    never.setNoStore(true);
    response.resume(
        Response.status(status)
            .type(MediaType.APPLICATION_JSON_TYPE)
            .cacheControl(never)
            .entity(json)
            .build());
  }
}
