package idserver.timeid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TimeIdCacheTest {
  private final SetClock clock = new SetClock();
  private final TimeIds source =
      new SharedTimeIds(
          TimeIdSettings.of(TimeIdLayout.ORDERED).withBorrowMs(9), clock, TimePromise.inMemory());

  @Test
  void handsOutEachIdOfItsBatchOnceAndThenTakesTheNext() {
    TimeIdCache cache = new TimeIdCache(source, 3);
    long first = cache.next();

    assertThat(cache.inHand()).isEqualTo(2);
    assertThat(source.next()).isEqualTo(first + 3);
    assertThat(cache.next()).isEqualTo(first + 1);
    assertThat(cache.next()).isEqualTo(first + 2);
    assertThat(cache.next()).isEqualTo(first + 4);
  }

  @Test
  void whatIsDroppedIsNotHandedOut() {
    TimeIdCache cache = new TimeIdCache(source, 3);
    long first = cache.next();

    cache.drop();

    assertThat(cache.inHand()).isZero();
    assertThat(cache.next()).isEqualTo(first + 3);
  }

  @Test
  void aRefusalComesThrough() {
    TimeIdCache cache = new TimeIdCache(source, 10);
    source.next();

    assertThat(cache.tryNext()).isEqualTo(TimeIdRefusal.BUSY.code());
    assertThatThrownBy(cache::next)
        .isInstanceOfSatisfying(
            TimeIdException.class, e -> assertThat(e.refusal()).isEqualTo(TimeIdRefusal.BUSY));
    clock.advanceMs(1);
    assertThat(cache.tryNext()).isPositive();
  }

  @Test
  void aBatchBeyondItsEndIsAnError() {
    TimeIdBatch batch = source.next(2);

    assertThat(batch.idAt(1)).isEqualTo(batch.idAt(0) + 1);
    assertThatThrownBy(() -> batch.idAt(2)).hasMessage("place=2, size=2");
    assertThatThrownBy(() -> new TimeIdCache(source, 11)).hasMessage("count must be 1 to 10: 11");
  }
}
