package idserver.model;

import static java.util.Objects.requireNonNull;

import idserver.counter.Counter;
import idserver.counter.CounterKey;
import idserver.counter.Counters;
import idserver.counter.Leftover;
import idserver.counter.SteadyClock;
import idserver.counter.Waiting;
import idserver.reserve.CounterState;
import idserver.reserve.GiveBack;
import idserver.reserve.HighWaterFile;
import idserver.reserve.LeasedStore;
import idserver.reserve.RememberingStore;
import idserver.reserve.Reservations;
import idserver.reserve.StoreException;
import idserver.reserve.UnsyncedFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** One process of a server, made of the product's classes. Confined to one thread. */
final class LivingServer {
  private static final int WRITERS = 2;
  private static final List<CounterKey> KEYS =
      List.of(new CounterKey("rule", "one"), new CounterKey("rule", "two"));

  private final Life life;
  private final Home home;
  // those that were asked for and have not begun
  private final Deque<Reservations> writers = new ArrayDeque<>();
  private final HighWaterFile file;
  private final RememberingStore store;
  private final SteadyClock clock;
  private final Reservations reservations;
  private final Counters counters;
  private boolean started;
  private boolean stopping;
  private int waiting;

  LivingServer(Life life, Home home) {
    this.life = life;
    this.home = home;
    LivingStore rows = new LivingStore(life, home, this);
    try {
      Files.createDirectories(home.folder());
      file = UnsyncedFiles.open(home.folder(), home.node(), () -> bringToDisk(rows));
      file.ready();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (StoreException e) {
      throw new AssertionError(e);
    }
    store = new RememberingStore(new LeasedStore(rows, () -> {}), file);
    clock = new SteadyClock(life.wallMs()::get, ZoneOffset.UTC);
    reservations = new Reservations(store, clock, WRITERS, 100, writers::add);
    counters = new Counters(clock, reservations, 10, 100);
    started = true;
  }

  private void bringToDisk(LivingStore rows) throws IOException {
    if (!started) {
      return;
    }
    rows.waits();
    if (life.isUnlucky(2)) {
      life.tell(home + " has no room on its disk");
      LivingStore.endWriter();
      throw new IOException("No space left on device");
    }
  }

  /** Lets go of the file, as the end of a process does. */
  void end() {
    if (life.cannotBeOlder() && store.olderCounters() > 0) {
      throw new AssertionError(home + " says that the database has come back older");
    }
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void request() {
    CounterKey key = KEYS.get(life.random().nextInt(KEYS.size()));
    new Request(requireNonNull(counters.get(key))).run();
  }

  /** A thread that was asked for drains the queue. */
  void write() {
    Reservations next = writers.poll();
    if (next != null) {
      try {
        next.drain();
      } finally {
        // a writer that is interrupted ends instead of pausing
        Thread.interrupted();
      }
    }
  }

  void expire() {
    counters.expire(0);
  }

  /** Stops in peace, as far as it is left in peace. */
  void stop() {
    if (stopping) {
      return;
    }
    stopping = true;
    life.tell(home + " stops");
    reservations.stop();
    reservations.awaitIdle(0);
    List<Leftover> leftovers = counters.close();
    if (waiting != 0) {
      throw new AssertionError(waiting + " requests wait at a closed counter");
    }
    life.tell(home + " has left " + leftovers);
    try {
      GiveBack.to(store, leftovers);
    } catch (StoreException e) {
      life.tell(home + " could not give that back");
    } finally {
      Thread.interrupted();
    }
    life.tell(home + " ends");
    home.end(this);
  }

  /** Nothing fails any more: everybody is answered. */
  void settle() {
    for (int i = 0; i < 100 && waiting > 0; i++) {
      write();
    }
    if (waiting != 0) {
      throw new AssertionError(waiting + " requests of " + home + " are never answered");
    }
  }

  private void issued(CounterKey key, long period, long number) {
    CounterState mark = file.of(key);
    if (mark == null
        || mark.period() < period
        || (mark.period() == period && mark.reserved() < number)) {
      throw new AssertionError(number + " is not in the file: " + mark);
    }
    home.issued(key, period, number);
  }

  /** Somebody who wants a number. */
  private final class Request implements Waiting {
    private final Counter counter;
    private long period;
    private boolean parked;

    Request(Counter counter) {
      this.counter = counter;
    }

    void run() {
      boolean again = true;
      while (again) {
        long earliest = counter.period();
        long today =
            home.numbering().period().startOf(counter.clamp(clock.now(), home.numbering()).local());
        period = Math.max(earliest, today);
        long number = counter.draw(home.numbering(), period);
        if (number >= 0) {
          issued(counter.key(), period, number);
        }
        again = number == Counter.MOVED_ON || (number == Counter.EMPTY && !park());
      }
    }

    /** False when it is to draw again. */
    private boolean park() {
      Counter.Parking parking = counter.park(this, home.numbering(), period);
      if (parking == Counter.Parking.PARKED) {
        parked = true;
        waiting++;
      }
      return parking != Counter.Parking.RETRY;
    }

    private void told() {
      if (!parked) {
        throw new AssertionError("a request was told twice");
      }
      parked = false;
      waiting--;
    }

    @Override
    public long deadlineNanos() {
      // on a clock that expire sets to 0
      return life.random().nextInt(3) - 1L;
    }

    @Override
    public int demand() {
      return 1;
    }

    @Override
    public void resume() {
      told();
      run();
    }

    @Override
    public void giveUp() {
      told();
    }

    @Override
    public void closed() {
      told();
    }
  }
}
