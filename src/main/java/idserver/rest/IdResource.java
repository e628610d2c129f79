package idserver.rest;

import idserver.counter.CounterKey;
import idserver.issue.DatedRequest;
import idserver.issue.IdRequest;
import idserver.issue.IdService;
import idserver.issue.IdServiceSource;
import idserver.issue.Refusal;
import idserver.issue.RefusalKind;
import idserver.issue.Tally;
import idserver.wire.Action;
import idserver.wire.BadRequest;
import idserver.wire.DatedWireRequest;
import idserver.wire.Decoded;
import idserver.wire.Members;
import idserver.wire.NotAnObject;
import idserver.wire.RepeatableRequest;
import idserver.wire.RequestDecoder;
import idserver.wire.Seq;
import idserver.wire.SettleWireRequest;
import idserver.wire.WireRequest;
import jakarta.annotation.PostConstruct;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.LocalDate;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Ids and counters over HTTP: the answers are those of UDP, byte for byte. Thread-safe. */
@Path("/")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class IdResource {
  /** The largest request body, in bytes. */
  private static final int LARGEST_BODY = 8 * 1024;

  /** The most ids in one answer. */
  static final int MOST_IDS = 10_000;

  /** How long a request waits for a block before it is refused. */
  private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(1500);

  private static final Refusal NO_KEY =
      new Refusal(
          RefusalKind.BAD_FIELD,
          IdempotencyKey.HEADER + " must be a string of printable ASCII, in quotes or without");

  private static final Refusal TWO_KEYS =
      new Refusal(
          RefusalKind.BAD_FIELD,
          "request_id is another one than " + IdempotencyKey.HEADER + ": give one of them");

  @EJB private IdServiceSource server;
  @Inject private LateAnswers lateAnswers;
  @Context private @Nullable HttpServletRequest http;

  private IdService service;
  private Tally tally;
  private Executor late;
  private final Supplier<@Nullable InetAddress> client = this::client;

  /** For the container. */
  public IdResource() {}

  IdResource(IdService service, Tally tally, Executor late) {
    this.service = service;
    this.tally = tally;
    this.late = late;
  }

  @PostConstruct
  void start() {
    service = server.idService();
    tally = server.httpTally();
    late = lateAnswers;
  }

  /**
   * The request of the UDP protocol as the body: {@code get}, {@code create}, {@code monitor},
   * {@code confirm} or {@code cancel}.
   */
  @POST
  @Path("ids")
  @Consumes(MediaType.APPLICATION_JSON)
  public CompletionStage<Response> ask(
      InputStream body, @HeaderParam(IdempotencyKey.HEADER) @Nullable String idempotencyKey)
      throws IOException {
    byte[] json = body.readNBytes(LARGEST_BODY + 1);
    if (json.length > LARGEST_BODY) {
      throw new WebApplicationException("the body is larger than 8192 bytes", 413);
    }
    Decoded decoded = new RequestDecoder().decode(json, 0, json.length);
    if (decoded instanceof WireRequest request) {
      return deliver(request, "", null, idempotencyKey);
    } else if (decoded instanceof RepeatableRequest repeatable) {
      return deliver(repeatable.request(), repeatable.requestId(), null, idempotencyKey);
    } else if (decoded instanceof DatedWireRequest dated) {
      return deliver(dated.request(), dated.requestId(), dated.bizDate(), idempotencyKey);
    } else if (decoded instanceof SettleWireRequest settle) {
      return deliver(settle.request(), settle.requestId(), null, idempotencyKey);
    } else if (decoded instanceof BadRequest bad) {
      return refused(bad.refusal(), bad.seq());
    }
    return refused(NotAnObject.INSTANCE.refusal(), Seq.NONE);
  }

  /** Issues ids of a rule in a namespace. */
  @POST
  @Path("ids/{rule}/{app}")
  public CompletionStage<Response> issue(
      @PathParam("rule") String rule,
      @PathParam("app") String app,
      @QueryParam("salt") @Nullable String salt,
      @QueryParam("count") @Nullable String count,
      @QueryParam("request_id") @Nullable String requestId,
      @QueryParam("biz_date") @Nullable String bizDate,
      @QueryParam("seq") @Nullable String seq,
      @HeaderParam(IdempotencyKey.HEADER) @Nullable String idempotencyKey) {
    String salted = salt == null ? "" : salt;
    Refusal refusal =
        first(
            Members.checkRuleName(rule),
            Members.checkAppName(app),
            Members.checkSalt(salted),
            count == null ? null : Members.checkCount(count),
            requestId == null ? null : Members.checkRequestId(requestId),
            bizDate == null ? null : Members.checkBizDate(bizDate),
            seq == null ? null : Members.checkSeq(seq));
    if (refusal != null) {
      return refused(refusal, Seq.NONE);
    }
    return deliver(
        new WireRequest(
            Action.GET,
            new CounterKey(rule, app),
            salted,
            count == null ? 0 : Integer.parseInt(count),
            seq == null ? Seq.NONE : Seq.of(seq)),
        requestId == null ? "" : requestId,
        bizDate == null ? null : Members.bizDate(bizDate),
        idempotencyKey);
  }

  /** Has the number of a gap-free rule be used for good. */
  @POST
  @Path("ids/{rule}/{app}/confirm")
  public CompletionStage<Response> confirm(
      @PathParam("rule") String rule,
      @PathParam("app") String app,
      @QueryParam("request_id") @Nullable String requestId,
      @QueryParam("seq") @Nullable String seq,
      @HeaderParam(IdempotencyKey.HEADER) @Nullable String idempotencyKey) {
    return settle(Action.CONFIRM, rule, app, requestId, seq, idempotencyKey);
  }

  /** Gives the number of a gap-free rule back. */
  @POST
  @Path("ids/{rule}/{app}/cancel")
  public CompletionStage<Response> cancel(
      @PathParam("rule") String rule,
      @PathParam("app") String app,
      @QueryParam("request_id") @Nullable String requestId,
      @QueryParam("seq") @Nullable String seq,
      @HeaderParam(IdempotencyKey.HEADER) @Nullable String idempotencyKey) {
    return settle(Action.CANCEL, rule, app, requestId, seq, idempotencyKey);
  }

  private CompletionStage<Response> settle(
      Action action,
      String rule,
      String app,
      @Nullable String requestId,
      @Nullable String seq,
      @Nullable String idempotencyKey) {
    Refusal refusal =
        first(
            Members.checkRuleName(rule),
            Members.checkAppName(app),
            requestId == null ? null : Members.checkRequestId(requestId),
            seq == null ? null : Members.checkSeq(seq));
    if (refusal != null) {
      return refused(refusal, Seq.NONE);
    }
    return deliver(
        new WireRequest(
            action, new CounterKey(rule, app), "", 0, seq == null ? Seq.NONE : Seq.of(seq)),
        requestId == null ? "" : requestId,
        null,
        idempotencyKey);
  }

  /** Tells how far a counter is. */
  @GET
  @Path("counters/{rule}/{app}")
  public CompletionStage<Response> monitor(
      @PathParam("rule") String rule,
      @PathParam("app") String app,
      @QueryParam("seq") @Nullable String seq) {
    Refusal refusal =
        first(
            Members.checkRuleName(rule),
            Members.checkAppName(app),
            seq == null ? null : Members.checkSeq(seq));
    if (refusal != null) {
      return refused(refusal, Seq.NONE);
    }
    return deliver(
        new WireRequest(
            Action.MONITOR, new CounterKey(rule, app), "", 0, seq == null ? Seq.NONE : Seq.of(seq)),
        "",
        null,
        null);
  }

  private CompletionStage<Response> refused(Refusal refusal, Seq seq) {
    RestExchange exchange = new RestExchange(seq, false, tally, client);
    exchange.refused(refusal);
    return exchange.answer(late);
  }

  /**
   * @param requestId as the request has it itself; empty for none
   * @param bizDate null for the present one
   * @param header as the header has it
   */
  private CompletionStage<Response> deliver(
      WireRequest request, String requestId, @Nullable LocalDate bizDate, @Nullable String header) {
    RestExchange exchange = new RestExchange(request.seq(), request.count() > 0, tally, client);
    if (request.action() == Action.MONITOR) {
      service.monitor(request.key(), exchange);
    } else if (request.count() > MOST_IDS) {
      exchange.refused(new Refusal(RefusalKind.BAD_FIELD, "count: must be at most " + MOST_IDS));
    } else {
      issue(request, requestId, bizDate, header, exchange);
    }
    return exchange.answer(late);
  }

  /** Where the request comes from; a proxy, where there is one before the server. */
  private @Nullable InetAddress client() {
    try {
      return http == null ? null : InetAddress.getByName(http.getRemoteAddr());
    } catch (UnknownHostException e) {
      return null;
    }
  }

  private void issue(
      WireRequest request,
      String requestId,
      @Nullable LocalDate bizDate,
      @Nullable String header,
      RestExchange exchange) {
    IdRequest asked =
        new IdRequest(request.key(), request.salt(), Math.max(1, request.count()), PATIENCE_NANOS);
    String key = header == null ? requestId : IdempotencyKey.read(header);
    if (key == null) {
      exchange.refused(NO_KEY);
    } else if (!requestId.isEmpty() && !requestId.equals(key)) {
      exchange.refused(TWO_KEYS);
    } else if (request.action() != Action.GET) {
      settle(request, key, exchange);
    } else if (key.isEmpty() && header == null) {
      issue(asked, bizDate, exchange);
    } else {
      issueNamed(key, asked, bizDate, exchange);
    }
  }

  private void settle(WireRequest request, String requestId, RestExchange exchange) {
    Refusal refusal = requestId.isEmpty() ? null : Members.checkRequestId(requestId);
    if (refusal != null) {
      exchange.refused(refusal);
    } else if (request.action() == Action.CONFIRM) {
      service.confirm(request.key(), requestId, PATIENCE_NANOS, exchange);
    } else {
      service.cancel(request.key(), requestId, PATIENCE_NANOS, exchange);
    }
  }

  private void issue(IdRequest asked, @Nullable LocalDate bizDate, RestExchange exchange) {
    if (bizDate == null) {
      service.issue(asked, exchange);
    } else {
      service.issue(new DatedRequest(bizDate, "", asked), exchange);
    }
  }

  private void issueNamed(
      String requestId, IdRequest asked, @Nullable LocalDate bizDate, RestExchange exchange) {
    Refusal refusal = Members.checkRequestId(requestId);
    if (refusal != null) {
      exchange.refused(refusal);
    } else if (bizDate == null) {
      service.issue(requestId, asked, exchange);
    } else {
      service.issue(new DatedRequest(bizDate, requestId, asked), exchange);
    }
  }

  private static @Nullable Refusal first(@Nullable Refusal... refusals) {
    for (Refusal refusal : refusals) {
      if (refusal != null) {
        return refusal;
      }
    }
    return null;
  }
}
