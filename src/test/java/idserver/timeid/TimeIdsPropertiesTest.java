package idserver.timeid;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** About 13 million ids in all. */
class TimeIdsPropertiesTest {
  private static final int LIVES = 20;
  private static final int IDS_PER_LIFE = 200_000;
  private static final int THREADS = 4;

  /** The sort key is the id with its bits in another order: when keys increase, no id is twice. */
  @ParameterizedTest(name = "{0}, seeds 1 to 20")
  @EnumSource
  void sortKeysIncreaseOverAnyClocksAndAnyRestarts(TimeIdLayout layout) {
    long refused = 0;
    for (int seed = 1; seed <= LIVES; seed++) {
      ProcessLives lives = new ProcessLives(seed, layout);
      lives.issue(IDS_PER_LIFE);
      lives.check();
      refused += lives.refused();
    }
    assertThat(refused).as("refusals were met as well").isPositive();
  }

  @ParameterizedTest(name = "{0}, seed 1")
  @EnumSource
  void increasesEvenUnderAClockThatGoesBack(TimeIdLayout layout) {
    Random random = new Random(1);
    TimeIdClock clock =
        new TimeIdClock(SetClock.START_MS) {
          @Override
          public long elapsedNanos() {
            return (long) (random.nextDouble() * 100_000_000);
          }

          @Override
          protected void pause(long nanos) {}
        };
    TimeIds ids = new SharedTimeIds(TimeIdSettings.of(layout), clock, TimePromise.inMemory());
    TimeIdFormat format = ids.settings().format();

    long last = 0;
    for (int i = 0; i < 100_000; i++) {
      long id = ids.tryNext();
      if (id > 0) {
        assertThat(format.sortKey(id) > last).isTrue();
        last = format.sortKey(id);
      }
    }
  }

  @ParameterizedTest(name = "{0}, seeds 0 to 3")
  @EnumSource
  void threadsNeverShareAnIdAndEachSeesItsOwnIncrease(TimeIdLayout layout) throws Exception {
    SetClock clock = new SetClock();
    TimeIds ids = new SharedTimeIds(TimeIdSettings.of(layout), clock, TimePromise.inMemory());
    List<long[]> keys = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<long[]>> running = new ArrayList<>();
      for (int seed = 0; seed < THREADS; seed++) {
        Random random = new Random(seed);
        running.add(threads.submit(() -> draw(ids, clock, random)));
      }
      for (Future<long[]> thread : running) {
        keys.add(thread.get());
      }
    } finally {
      threads.shutdownNow();
    }

    for (long[] own : keys) {
      assertIncrease(own);
    }
    assertIncrease(keys.stream().flatMapToLong(Arrays::stream).sorted().toArray());
  }

  private static long[] draw(TimeIds ids, SetClock clock, Random random) {
    TimeIdFormat format = ids.settings().format();
    long[] keys = new long[50_000];
    int size = 0;
    while (size < keys.length) {
      if (random.nextInt(4) == 0) {
        clock.advanceNanos(random.nextInt(8_000_000));
      }
      TimeIdBatch batch = ids.tryNext(1 + random.nextInt(3));
      for (int i = 0; i < batch.size() && size < keys.length; i++) {
        keys[size++] = format.sortKey(batch.idAt(i));
      }
      long id = ids.tryNext();
      if (id > 0 && size < keys.length) {
        keys[size++] = format.sortKey(id);
      }
    }
    return keys;
  }

  @Test
  void nodesNeverShareAnId() {
    for (TimeIdLayout layout : TimeIdLayout.values()) {
      int nodes = 5;
      int each = 20_000;
      long[] all = new long[nodes * each];
      for (int node = 0; node < nodes; node++) {
        SetClock clock = new SetClock(SetClock.START_MS + node);
        TimeIdFormat format = new TimeIdFormat(layout, TimeIdFormat.DEFAULT_EPOCH_MS, node, nodes);
        TimeIds ids = new ConfinedTimeIds(TimeIdSettings.of(format), clock, TimePromise.inMemory());
        for (int i = 0; i < each; i++) {
          clock.advanceMs(3);
          long id = ids.tryNext();
          if (id < 0) {
            clock.advanceMs(5);
            id = ids.next();
          }
          all[node * each + i] = id;
        }
      }
      Arrays.sort(all);
      assertIncrease(all);
    }
  }

  private static void assertIncrease(long[] keys) {
    for (int i = 1; i < keys.length; i++) {
      if (keys[i] <= keys[i - 1]) {
        throw new AssertionError(keys[i] + " after " + keys[i - 1]);
      }
    }
  }
}
