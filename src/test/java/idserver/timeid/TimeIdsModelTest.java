package idserver.timeid;

import static org.assertj.core.api.Assertions.assertThat;

import idserver.testing.Interleavings;
import idserver.testing.Mutant;
import idserver.testing.Play;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Time ids, in every order of a few threads; and that faults in them are found. */
class TimeIdsModelTest {
  /** Single ids and batches of one generator, while the clock goes on. */
  public static class Shared extends Issuing {
    private final SharedTimeIds ids;

    Shared(TimeIdLayout layout) {
      super(layout);
      keep(1_000);
      ids = ids();
    }

    public Shared() {
      this(TimeIdLayout.CLASSIC);
    }

    @Override
    public List<Runnable> threads() {
      return List.of(
          () -> {
            took(0, ids.tryNext());
            took(0, ids.tryNext());
          },
          () -> {
            took(1, ids.tryNext(2));
            took(1, ids.tryNext());
          },
          () -> {
            passMs(1);
            took(2, ids.tryNext());
          });
    }
  }

  /** The same where ids of a burst have times of their own. */
  public static final class SharedTicks extends Shared {
    public SharedTicks() {
      super(TimeIdLayout.ORDERED);
    }
  }

  /** The same where serials begin again with each millisecond. */
  public static final class SharedSpilling extends Shared {
    public SharedSpilling() {
      super(TimeIdLayout.SPILL);
    }
  }

  /** Caches of two threads, and one who takes ids beside them. */
  public static final class Cached extends Issuing {
    private final SharedTimeIds ids;

    public Cached() {
      super(TimeIdLayout.CLASSIC);
      keep(1_000);
      ids = ids();
    }

    @Override
    public List<Runnable> threads() {
      return List.of(() -> take(0), () -> take(1), () -> took(2, ids.tryNext()));
    }

    private void take(int thread) {
      TimeIdCache cache = new TimeIdCache(ids, 2);
      took(thread, cache.tryNext());
      took(thread, cache.tryNext());
      took(thread, cache.tryNext());
    }
  }

  /** The settings change while ids are taken. */
  public static final class Succession extends Issuing {
    private final SharedTimeIds old;

    public Succession() {
      super(TimeIdLayout.SPILL);
      keep(1_000);
      old = ids();
      took(0, old.tryNext());
      passMs(1);
    }

    @Override
    public List<Runnable> threads() {
      return List.of(
          () -> took(0, old.tryNext()),
          () -> {
            SharedTimeIds changed = changedIds();
            took(1, changed.tryNext());
            took(1, changed.tryNext());
          },
          () -> took(2, changedIds().tryNext()));
    }
  }

  /** The promised time ends, and is prolonged while ids are taken. */
  public static final class Kept extends Issuing {
    private final SharedTimeIds ids;

    public Kept() {
      super(TimeIdLayout.CLASSIC);
      keep(1);
      ids = ids();
      took(0, ids.tryNext());
    }

    @Override
    public List<Runnable> threads() {
      return List.of(
          () -> took(0, ids.tryNext()),
          () -> {
            passMs(1);
            took(1, ids.tryNext());
            took(1, ids.tryNext());
          },
          () -> keep(2));
    }
  }

  /** Two prolong the promise at once. */
  public static final class KeptTwice extends Issuing {
    public KeptTwice() {
      super(TimeIdLayout.CLASSIC);
    }

    @Override
    public List<Runnable> threads() {
      return List.of(() -> keep(1), () -> keep(2));
    }

    @Override
    public void end() {
      super.end();
      if (promise().promisedMs() != SetClock.START_MS + 2) {
        throw new AssertionError("was shortened: " + promise().promisedMs());
      }
    }
  }

  private static void check(Class<? extends Play> play) {
    assertThat(Interleavings.of(play))
        .satisfies(
            played -> assertThat(played.fault()).isNull(),
            played -> assertThat(played.orders()).isGreaterThan(5));
  }

  private static void finds(
      Class<? extends Play> play, Class<?> faulty, String before, String after, String fault) {
    Class<? extends Play> copy = new Mutant().with(faulty, before, after).load(play);

    assertThat(Interleavings.of(copy).fault()).contains(fault);
  }

  @Test
  void idsOfOneMillisecondDiffer() {
    check(Shared.class);
  }

  @Test
  void idsOfTicksDiffer() {
    check(SharedTicks.class);
  }

  @Test
  void idsThatSpillDiffer() {
    check(SharedSpilling.class);
  }

  @Test
  void idsOfCachesDiffer() {
    check(Cached.class);
  }

  @Test
  void idsDifferWhenTheSettingsChange() {
    check(Succession.class);
  }

  @Test
  void noIdIsOfATimeThatIsNotDurable() {
    check(Kept.class);
  }

  @Test
  void aPromiseIsNotShortened() {
    check(KeptTwice.class);
  }

  @Test
  void findsAnIdThatIsTakenInTwoSteps() {
    finds(
        Shared.class,
        SharedTimeIds.class,
        "long seen = (long) STATE.compareAndExchange(this, last, next);",
        "long seen = state; if (seen == last) { state = next; }",
        "came twice");
  }

  @Test
  void findsABatchThatIsTakenInTwoSteps() {
    finds(
        Cached.class,
        SharedTimeIds.class,
        "if (STATE.compareAndSet(this, last, batch.end())) {",
        "if (state == last) { state = batch.end();",
        "came twice");
  }

  @Test
  void findsASuccessionInTwoSteps() {
    finds(
        Succession.class,
        SharedTimeIds.class,
        "long last = (long) STATE.getAndSet(this, RETIRED);",
        "long last = state; state = RETIRED;",
        "came twice");
  }

  @Test
  void findsAnIdBeyondThePromise() {
    finds(
        Kept.class,
        TimeIds.class,
        "if (timeMs(end) >= promise.promisedMs()) {",
        "if (timeMs(end) > promise.promisedMs()) {",
        "not durable was the time");
  }

  @Test
  void findsAPromiseThatIsSetInTwoSteps() {
    finds(
        KeptTwice.class,
        TimePromise.class,
        "promisedMs.accumulateAndGet(durableMs, Math::max);",
        "promisedMs.set(Math.max(promisedMs.get(), durableMs));",
        "was shortened");
  }
}
