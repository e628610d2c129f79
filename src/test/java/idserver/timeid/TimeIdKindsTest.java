package idserver.timeid;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class TimeIdKindsTest {
  private static final TimeIdSettings CLASSIC = TimeIdSettings.of(TimeIdLayout.CLASSIC);

  private final SetClock clock = new SetClock();
  private final TimeIdKinds<String> kinds = new TimeIdKinds<>(clock, TimePromise.inMemory(), 2);

  private SharedTimeIds get(String kind, TimeIdSettings settings) {
    return requireNonNull(kinds.get(kind, settings));
  }

  @Test
  void kindsAreIndependent() {
    assertThat(get("a", CLASSIC).next()).isEqualTo(get("b", CLASSIC).next());
    assertThat(get("a", CLASSIC)).isSameAs(get("a", TimeIdSettings.of(TimeIdLayout.CLASSIC)));
    assertThat(kinds.size()).isEqualTo(2);
  }

  @Test
  void thereIsNoKindAboveTheBound() {
    get("a", CLASSIC);
    get("b", CLASSIC);

    assertThat(kinds.get("c", CLASSIC)).isNull();
    assertThat(get("a", CLASSIC)).isNotNull();
    assertThatThrownBy(() -> new TimeIdKinds<>(clock, TimePromise.inMemory(), 0))
        .hasMessage("kinds must be >= 1: 0");
  }

  @Test
  void aKindWithOtherSettingsGoesOnAboveWhatItHasIssued() {
    SharedTimeIds old = get("a", CLASSIC);
    long last = old.next(100_000).idAt(99_999);

    SharedTimeIds changed = get("a", CLASSIC.withBorrowMs(2000));

    assertThat(changed.next()).isGreaterThan(last);
    assertThat(old.tryNext()).isEqualTo(TimeIdRefusal.RETIRED.code());
    assertThat(old.tryNext(5).refusal()).isEqualTo(TimeIdRefusal.RETIRED);
  }

  @Test
  void aKindThatIsChangedBeforeItsFirstIdStartsWithTheClock() {
    get("a", CLASSIC);
    SharedTimeIds changed = get("a", CLASSIC.withBorrowMs(2000));

    assertThat(changed.settings().format().decode(changed.next()).timeMs())
        .isEqualTo(clock.startMs());
  }

  @Test
  void whoeverComesSecondFindsTheLastKindThereIsRoomFor() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      for (int round = 0; round < 2000; round++) {
        TimeIdKinds<String> one = new TimeIdKinds<>(clock, TimePromise.inMemory(), 1);
        CyclicBarrier start = new CyclicBarrier(2);
        Callable<Boolean> find =
            () -> {
              start.await();
              return one.get("a", CLASSIC) != null;
            };
        for (Future<Boolean> found : threads.invokeAll(List.of(find, find))) {
          assertThat(found.get()).isTrue();
        }
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
