package idserver.client;

import java.net.http.HttpClient;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * Asks a list of equal servers for ids: the first one that is well, and the next one where that
 * does not answer in time or cannot issue, until the deadline. Over UDP; over HTTP where the batch
 * is large or no UDP is to be had. Thread-safe: one client is enough for an application. Any number
 * of requests may be under way.
 *
 * <p>Every request ends by its deadline, with ids or with an {@link IdClientException}: at once
 * with the server's own reason where the request is at fault, such as {@code UNKNOWN_RULE}; when
 * all servers have said so with {@code EXHAUSTED} or {@code NOT_FOUND}; at the deadline with the
 * last reason that any server gave, or {@code NO_ANSWER}, and what was tried.
 *
 * <p>An id is handed out once. All tries of a request have one {@code request_id}: a server that is
 * asked again gives the same ids. What another server made is never handed out: it is a gap.
 *
 * <p>Futures are completed by the client's own thread: what depends on them must not block there.
 */
public final class IdClient implements AutoCloseable {
  /** The most ids of one request. */
  public static final int MOST_IDS = 10_000;

  /** Two requests that had the same would get the same ids. */
  private static final int REQUEST_ID_BYTES = 16;

  private final ClientSettings settings;
  private final SecureRandom random = new SecureRandom();
  private final Counts counts = new Counts();
  private final Loop loop;
  private final Ports ports;
  private final ExecutorService workers;
  private final Thread thread;

  /** Makes a client, which sends nothing yet. Names of hosts are looked up. */
  public IdClient(ClientSettings settings) {
    this.settings = settings;
    this.loop = new Loop(new Random());
    this.workers = Executors.newCachedThreadPool(daemons("id-client-http"));
    this.ports = new Ports(ports(), settings);
    this.thread = daemons("id-client").newThread(this::run);
    thread.start();
  }

  private static ThreadFactory daemons(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }

  private void run() {
    try {
      loop.run();
    } finally {
      workers.shutdown();
    }
  }

  private List<Port> ports() {
    List<Port> made = new ArrayList<>();
    HttpClient http = null;
    for (int i = 0; i < settings.servers().size(); i++) {
      ServerAddress server = settings.servers().get(i);
      if (server.udpPort() > 0) {
        Health health = new Health(new Random());
        made.add(new UdpPort(server, i, health, settings, loop, workers, counts));
      }
      if (!server.http().isEmpty()) {
        http = http == null ? httpClient() : http;
        made.add(new HttpPort(server, i, new Health(new Random()), settings, loop, http));
      }
    }
    return made;
  }

  private HttpClient httpClient() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(settings.connectTimeout())
        .executor(workers)
        .build();
  }

  /**
   * One id. Waits for it, up to the deadline.
   *
   * @param rule its name
   * @param app the namespace
   * @throws IdClientException when there is none
   */
  public String get(String rule, String app) {
    return await(getAsync(rule, app));
  }

  /**
   * The same with a salt, which is handed to the rule.
   *
   * @param salt up to 64 bytes; empty for none
   */
  public String get(String rule, String app, String salt) {
    return await(getAsync(rule, app, salt));
  }

  /**
   * So many ids, all of one answer of one server. Waits for them, up to the deadline.
   *
   * @param count 1 to {@link #MOST_IDS}. More than {@link ClientSettings#udpCount} are asked for
   *     over HTTP, and without HTTP over UDP, where the server may refuse with {@code BAD_FIELD}
   * @throws IdClientException when there are none
   */
  public List<String> get(String rule, String app, int count) {
    return await(getAsync(rule, app, count));
  }

  /** The same with a salt. */
  public List<String> get(String rule, String app, String salt, int count) {
    return await(getAsync(rule, app, salt, count));
  }

  /**
   * An id of a gap-free rule, held for that name until it is confirmed or cancelled, or the rule's
   * {@code confirm_seconds} have passed. Waits for it, up to the deadline.
   *
   * <p>Whatever happened, an exception or a crash of the caller, to ask again by the same name is
   * safe and brings the same id; on any server. Do not use the id before {@link #confirm} has
   * returned it.
   *
   * @param requestId what the number is for, such as an order: 1 to 64 bytes, no control
   *     characters, and never the same for two things
   * @throws IdClientException when there is none
   */
  public String hold(String rule, String app, String requestId) {
    return await(holdAsync(rule, app, requestId));
  }

  /** The same with a salt, which is handed to the rule. */
  public String hold(String rule, String app, String requestId, String salt) {
    return await(holdAsync(rule, app, requestId, salt));
  }

  /**
   * Has the id that was held for that name be used for good. Who confirms again is told the same.
   *
   * @return the id to use
   * @throws IdClientException {@code NOT_HELD} where another has the number by now: the id must not
   *     be used. Any other says nothing of it, and to confirm again is safe
   */
  public String confirm(String rule, String app, String requestId) {
    return await(confirmAsync(rule, app, requestId));
  }

  /**
   * Gives the number back that was held for that name, if any: the next one gets it.
   *
   * @throws IdClientException {@code ALREADY_CONFIRMED} where it is used for good
   */
  public void cancel(String rule, String app, String requestId) {
    Boolean unused = await(cancelAsync(rule, app, requestId).thenApply(nothing -> true));
  }

  /**
   * How far a counter is at the first server that answers and knows it. Creates nothing.
   *
   * @throws IdClientException {@code NOT_FOUND} when no server has used it yet
   */
  public Progress monitor(String rule, String app) {
    return await(monitorAsync(rule, app));
  }

  /** {@link #get(String, String)} without waiting: the future fails with the exception. */
  public CompletableFuture<String> getAsync(String rule, String app) {
    return getAsync(rule, app, "");
  }

  /** {@link #get(String, String, String)} without waiting. */
  public CompletableFuture<String> getAsync(String rule, String app, String salt) {
    return ask(Question.get(rule, app, salt, 0, requestId()))
        .thenApply(answer -> answer.ids().get(0));
  }

  /** {@link #get(String, String, int)} without waiting. */
  public CompletableFuture<List<String>> getAsync(String rule, String app, int count) {
    return getAsync(rule, app, "", count);
  }

  /** {@link #get(String, String, String, int)} without waiting. */
  public CompletableFuture<List<String>> getAsync(String rule, String app, String salt, int count) {
    if (count < 1 || count > MOST_IDS) {
      throw new IllegalArgumentException("count must be 1 to " + MOST_IDS + ": " + count);
    }
    return ask(Question.get(rule, app, salt, count, requestId())).thenApply(Answer::ids);
  }

  /** {@link #hold(String, String, String)} without waiting: the future fails with the exception. */
  public CompletableFuture<String> holdAsync(String rule, String app, String requestId) {
    return holdAsync(rule, app, requestId, "");
  }

  /** {@link #hold(String, String, String, String)} without waiting. */
  public CompletableFuture<String> holdAsync(
      String rule, String app, String requestId, String salt) {
    return ask(Question.get(rule, app, salt, 0, named(requestId)))
        .thenApply(answer -> answer.ids().get(0));
  }

  /** {@link #confirm} without waiting. */
  public CompletableFuture<String> confirmAsync(String rule, String app, String requestId) {
    return ask(Question.settle(true, rule, app, named(requestId)))
        .thenApply(answer -> answer.ids().get(0));
  }

  /** {@link #cancel} without waiting. */
  public CompletableFuture<Void> cancelAsync(String rule, String app, String requestId) {
    return ask(Question.settle(false, rule, app, named(requestId))).thenAccept(answer -> {});
  }

  private static String named(String requestId) {
    if (requestId.isEmpty()) {
      throw new IllegalArgumentException("a request_id must not be empty");
    }
    return requestId;
  }

  private String requestId() {
    if (!settings.requestIds()) {
      return "";
    }
    byte[] bytes = new byte[REQUEST_ID_BYTES];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** {@link #monitor} without waiting. */
  public CompletableFuture<Progress> monitorAsync(String rule, String app) {
    return ask(Question.monitor(rule, app)).thenApply(answer -> progress(answer));
  }

  private static Progress progress(Answer answer) {
    Progress progress = answer.progress();
    if (progress == null) {
      throw new IdClientException(IdClientException.BAD_ANSWER, 0, "no counter in the answer");
    }
    return progress;
  }

  private CompletableFuture<Answer> ask(Question question) {
    counts.requests.increment();
    Call call = new Call(question, settings.deadline(), loop, ports, counts);
    loop.post(call::begin);
    if (loop.hasEnded()) {
      call.close();
    }
    return call.future();
  }

  private <T> T await(CompletableFuture<T> answer) {
    if (Thread.currentThread() == thread) {
      throw new IllegalStateException(
          "a future's dependent must not wait on the client's thread: use thenApplyAsync");
    }
    try {
      return answer.get();
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new IdClientException(IdClientException.INTERRUPTED, 0, "interrupted while waiting");
    } catch (ExecutionException e) {
      throw failure(e.getCause());
    }
  }

  /** As from the thread that waited, with what the client's thread threw as its cause. */
  static RuntimeException failure(@Nullable Throwable cause) {
    if (cause instanceof IdClientException reason) {
      return new IdClientException(reason);
    }
    return new IllegalStateException("the client failed", cause);
  }

  /** What it was made with. */
  public ClientSettings settings() {
    return settings;
  }

  /** The largest count of one request that is sure to be of the right size. */
  int largestBatch() {
    return ports.haveHttp() ? MOST_IDS : settings.udpCount();
  }

  /** What it has done so far. */
  public ClientMetrics metrics() {
    long now = System.nanoTime();
    return new ClientMetrics(
        counts.requests.sum(),
        counts.ids.sum(),
        counts.retries.sum(),
        counts.failOvers.sum(),
        counts.timeouts.sum(),
        counts.refused.sum(),
        counts.failed.sum(),
        counts.lost.sum(),
        ports.all().stream().map(port -> port.metrics(now)).toList());
  }

  /** Ends all requests under way with {@code CLOSED}, and gives back threads and sockets. */
  @Override
  public void close() {
    loop.stop();
  }
}
