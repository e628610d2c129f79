package idserver.timeid;

import static org.assertj.core.api.Assertions.assertThat;

import idserver.timeid.TimeIdSettings.WhenFull;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Real threads on the real clock, at the bound of what there is. */
class TimeIdsStressTest {
  private static final int THREADS = 4;
  private static final int EACH = 300_000;

  @ParameterizedTest
  @EnumSource(names = {"SPILL", "CLASSIC"})
  void threadsThatWaitGetAllTheirIdsAndNoneTwice(TimeIdLayout layout) throws Exception {
    TimeIdClock clock = TimeIdClock.startingAfter(0);
    TimeIds ids =
        new SharedTimeIds(
            TimeIdSettings.of(layout).withBorrowMs(1).withWhenFull(WhenFull.WAIT),
            clock,
            TimePromise.inMemory());
    TimeIdFormat format = ids.settings().format();
    long[] all = new long[THREADS * EACH];
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int thread = 0; thread < THREADS; thread++) {
        int from = thread * EACH;
        boolean cached = thread % 2 == 0;
        running.add(
            threads.submit(
                () -> {
                  TimeIdCache cache = new TimeIdCache(ids, 64);
                  for (int i = from; i < from + EACH; i++) {
                    all[i] = format.sortKey(cached ? cache.next() : ids.next());
                  }
                }));
      }
      for (Future<?> thread : running) {
        thread.get();
      }
    } finally {
      threads.shutdownNow();
    }

    for (int i = 0; i < all.length; i++) {
      assertThat(i % EACH == 0 || all[i] > all[i - 1]).isTrue();
    }
    assertThat(Arrays.stream(all).distinct().count()).isEqualTo(all.length);
    assertThat(Arrays.stream(all).max().orElseThrow() >>> 22)
        .isLessThanOrEqualTo(clock.nowMs() - format.epochMs() + 1);
  }
}
