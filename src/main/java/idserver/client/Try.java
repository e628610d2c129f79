package idserver.client;

import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** One question sent to one address. Confined to the client's thread. */
final class Try {
  final Call call;
  final Port port;

  /** Of this try alone: an answer to an earlier one is known as such. */
  final long seq;

  final long sentNanos;

  /** Whether it finds out if an address is well again. */
  final boolean probe;

  /** Given up on; an answer that comes late is welcome while nobody else has answered. */
  boolean over;

  /** Its datagram has been sent a second time. */
  boolean repeated;

  /** Over HTTP: what is under way. */
  @Nullable Future<?> exchange;

  Try(Call call, Port port, long seq, long sentNanos, boolean probe) {
    this.call = call;
    this.port = port;
    this.seq = seq;
    this.sentNanos = sentNanos;
    this.probe = probe;
  }
}
