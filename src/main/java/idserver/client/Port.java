package idserver.client;

import idserver.client.ClientMetrics.ServerMetrics;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/**
 * One address of one server, over UDP or HTTP. Confined to the client's thread, but for metrics.
 */
abstract class Port implements AutoCloseable {
  private final String name;
  private final int server;
  private final Health health;
  private final Duration timeout;
  private final LongAdder asked = new LongAdder();
  private final LongAdder answered = new LongAdder();
  private final LongAdder silent = new LongAdder();
  private boolean heard;
  private long heardNanos;

  /**
   * @param name of the address, as people are told it
   * @param server which one of the list it belongs to
   * @param timeout of one try
   */
  Port(String name, int server, Health health, Duration timeout) {
    this.name = name;
    this.server = server;
    this.health = health;
    this.timeout = timeout;
  }

  final String name() {
    return name;
  }

  final int server() {
    return server;
  }

  final Health health() {
    return health;
  }

  final Duration timeout() {
    return timeout;
  }

  abstract boolean isHttp();

  /** Sends; the call is told what comes of it, perhaps before this returns. */
  final void ask(Try asking, Question question) {
    asked.increment();
    send(asking, question);
  }

  abstract void send(Try asking, Question question);

  /** Sends the very same once more, if that is of use; whether it has. */
  boolean repeat(Try asking, Question question) {
    return false;
  }

  /** No answer to it is wanted any more. */
  abstract void forget(Try asked);

  /** An answer came, of whatever kind. */
  final void heard(long nowNanos) {
    answered.increment();
    heard = true;
    heardNanos = nowNanos;
  }

  /** Nothing came in time. Who has answered another request meanwhile has only lost this one. */
  final void silent(Try asked, long nowNanos) {
    silent.increment();
    if (heard && heardNanos - asked.sentNanos >= 0) {
      health.probeEnded();
    } else {
      bad(nowNanos);
    }
  }

  /** It failed on the way, or the port is closed. */
  final void failed(long nowNanos) {
    silent.increment();
    bad(nowNanos);
  }

  final void bad(long nowNanos) {
    health.failed(nowNanos);
    stillBad();
  }

  /** A name may mean another address by now. */
  void stillBad() {}

  final ServerMetrics metrics(long nowNanos) {
    return new ServerMetrics(
        name, health.state(nowNanos), asked.sum(), answered.sum(), silent.sum());
  }

  @Override
  public abstract void close();
}
