package idserver.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The client's thread: takes datagrams, begins requests, keeps their time. All that is decided
 * about requests and servers is decided here, so nothing of it needs a lock. {@link #post} and
 * {@link #stop} are for anybody, the rest for this thread.
 */
final class Loop implements Runnable {
  private static final long LONGEST_WAIT_MS = 1_000;

  private record Alarm(long atNanos, Call call, int number) {}

  private final Selector selector;
  private final Queue<Runnable> posted = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean woken = new AtomicBoolean();
  private final PriorityQueue<Alarm> alarms =
      new PriorityQueue<>(
          new Comparator<Alarm>() {
            @Override
            public int compare(Alarm a, Alarm b) {
              return Long.signum(a.atNanos - b.atNanos);
            }
          });
  private final Random random;
  private long lastSeq;
  private volatile boolean stopping;
  private volatile boolean ended;

  Loop(Random random) {
    this.random = random;
    // an answer to another client that had this port before is not taken for one to us
    this.lastSeq = random.nextLong() >>> 16;
    try {
      selector = Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException("no selector", e);
    }
  }

  Selector selector() {
    return selector;
  }

  long nextSeq() {
    return ++lastSeq;
  }

  double random() {
    return random.nextDouble();
  }

  /** Has this thread do something soon. */
  void post(Runnable task) {
    posted.add(task);
    if (woken.compareAndSet(false, true)) {
      selector.wakeup();
    }
  }

  void wake(Call call, int number, long atNanos) {
    alarms.add(new Alarm(atNanos, call, number));
  }

  void stop() {
    stopping = true;
    selector.wakeup();
  }

  boolean hasEnded() {
    return ended;
  }

  @Override
  public void run() {
    try {
      while (!stopping) {
        selector.select(Loop::read, waitMs());
        doPosted();
        ring();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the client's thread has ended", e);
    } finally {
      end();
    }
  }

  private static void read(SelectionKey key) {
    ((UdpPort) key.attachment()).read();
  }

  private long waitMs() {
    Alarm next = alarms.peek();
    if (next == null) {
      return LONGEST_WAIT_MS;
    }
    long nanos = next.atNanos - System.nanoTime();
    // not earlier than asked for, and 0 would be for ever
    return Math.max(1, Math.min(LONGEST_WAIT_MS, TimeUnit.NANOSECONDS.toMillis(nanos) + 1));
  }

  private void doPosted() {
    woken.set(false);
    for (Runnable task = posted.poll(); task != null; task = posted.poll()) {
      task.run();
    }
  }

  private void ring() {
    long now = System.nanoTime();
    for (Alarm next = alarms.peek(); next != null && next.atNanos - now <= 0; ) {
      alarms.poll();
      next.call.woken(next.number, now);
      next = alarms.peek();
    }
  }

  private void end() {
    ended = true;
    List<Alarm> left = List.copyOf(alarms);
    left.forEach(alarm -> alarm.call.close());
    doPosted();
    selector.keys().forEach(key -> ((UdpPort) key.attachment()).close());
    try {
      selector.close();
    } catch (IOException e) {
      // nothing is read there any more
    }
  }
}
