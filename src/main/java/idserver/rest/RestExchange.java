package idserver.rest;

import idserver.issue.MonitorReceiver;
import idserver.issue.Receiver;
import idserver.issue.Refusal;
import idserver.issue.SettleReceiver;
import idserver.issue.Tally;
import idserver.rule.Ids;
import idserver.wire.AnswerEncoder;
import idserver.wire.Seq;
import jakarta.ws.rs.core.Response;
import java.net.InetAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One request over HTTP on its way to its answer. Told once, by any thread. */
final class RestExchange implements Receiver, MonitorReceiver, SettleReceiver {
  private final CompletableFuture<Response> answer = new CompletableFuture<>();
  private final Seq seq;
  private final boolean list;
  private final Tally tally;
  private final Supplier<@Nullable InetAddress> client;
  private final long begunNanos = System.nanoTime();

  /**
   * @param list whether the ids are answered as a list, even one
   * @param tally where the answer is counted
   * @param client where the request comes from
   */
  RestExchange(Seq seq, boolean list, Tally tally, Supplier<@Nullable InetAddress> client) {
    this.client = client;
    this.seq = seq;
    this.list = list;
    this.tally = tally;
  }

  /**
   * The answer. Where it is there already, it is sent by the thread that asked; else {@code late}
   * sends it, and not the thread that brings it, which has others to serve and must not wait for a
   * client that does not read.
   */
  CompletionStage<Response> answer(Executor late) {
    return answer.isDone() ? answer : answer.thenApplyAsync(response -> response, late);
  }

  @Override
  public void issued(Ids ids) {
    tally.issued(1, ids.size(), System.nanoTime() - begunNanos);
    byte[] json = list ? AnswerEncoder.many(ids, seq) : AnswerEncoder.one(ids, seq);
    answer.complete(JsonAnswer.of(200, json));
  }

  @Override
  public @Nullable InetAddress source() {
    return client.get();
  }

  @Override
  public void counted(long counter, int nodeOffset) {
    tally.counted();
    answer.complete(JsonAnswer.of(200, AnswerEncoder.monitor(counter, nodeOffset, seq)));
  }

  @Override
  public void confirmed(Ids id) {
    tally.settled();
    answer.complete(JsonAnswer.of(200, AnswerEncoder.one(id, seq)));
  }

  @Override
  public void cancelled() {
    tally.settled();
    answer.complete(JsonAnswer.of(200, AnswerEncoder.done(seq)));
  }

  @Override
  public void refused(Refusal refusal) {
    tally.refused(refusal.kind());
    answer.complete(JsonAnswer.of(refusal, seq));
  }
}
