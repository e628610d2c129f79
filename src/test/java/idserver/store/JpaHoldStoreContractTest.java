package idserver.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import idserver.counter.SteadyClock;
import idserver.gapfree.Hold;
import idserver.gapfree.HoldState;
import idserver.gapfree.HoldStore;
import idserver.gapfree.HoldStoreContractTest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What every database has to do for gap-free numbers, beyond what every store has to do. */
abstract class JpaHoldStoreContractTest extends HoldStoreContractTest {
  /** Transactions on the storage of this test. */
  abstract Transactions transactions() throws Exception;

  /** What follows a commit on it. */
  abstract Durability durability() throws Exception;

  @Override
  protected HoldStore store() throws Exception {
    return store(clock());
  }

  @Override
  protected HoldStore store(SteadyClock itsClock) throws Exception {
    return new JpaHoldStore(transactions(), durability(), itsClock, em -> databaseSecond());
  }

  private List<Hold> unconfirmed(long period, long number, int most) throws Exception {
    return new JpaHoldStore(transactions(), durability(), clock())
        .unconfirmed(KEY, period, number, most);
  }

  @Test
  void theDatabasesOwnClockIsAsked() throws Exception {
    HoldStore store = new JpaHoldStore(transactions(), durability(), clock());

    assertThat(store.settle(List.of(take("a")), Map.of()).outcomes()).hasSize(1);
    assertThat(unconfirmed(Long.MIN_VALUE, Long.MIN_VALUE, 10))
        .singleElement()
        .satisfies(
            hold ->
                assertThat(hold.untilSecond() - System.currentTimeMillis() / 1000)
                    .isBetween(0L, 120L));
  }

  @Test
  void whatIsNotConfirmedIsListedInPages() throws Exception {
    store().settle(List.of(take("a"), take("b"), take("c"), take("d"), confirm("b")), Map.of());
    long period = unconfirmed(Long.MIN_VALUE, Long.MIN_VALUE, 1).get(0).period();

    assertThat(unconfirmed(Long.MIN_VALUE, Long.MIN_VALUE, 2))
        .extracting(Hold::number)
        .containsExactly(1L, 3L);
    assertThat(unconfirmed(period, 3, 2))
        .singleElement()
        .satisfies(
            hold -> {
              assertThat(hold.requestId()).isEqualTo("d");
              assertThat(hold.state()).isEqualTo(HoldState.HELD);
            });
  }

  @Test
  void everyChangeCountsTheVersionOfTheCounterUp() throws Exception {
    store().settle(List.of(take("a")), Map.of());
    long first = version();
    store().settle(List.of(confirm("a")), Map.of());
    long second = version();
    store().settle(List.of(confirm("a")), Map.of());

    assertThat(second).isGreaterThan(first);
    assertThat(version()).isEqualTo(second);
  }

  private long version() throws Exception {
    return transactions()
        .inNew(
            em ->
                em.find(
                        CounterRow.class,
                        new CounterRowId(KEY.rule(), KEY.app(), CounterRow.SHARED))
                    .version());
  }

  @Test
  void whoComesMeanwhileIsAConflictOrWaits() throws Exception {
    store().settle(List.of(take("a")), Map.of());
    HoldStore meddled =
        new JpaHoldStore(
            Meddling.beforeWriting(
                transactions(),
                () -> assertThatThrownBy(() -> store().settle(List.of(take("b")), Map.of()))),
            durability(),
            clock(),
            em -> databaseSecond());

    assertThat(meddled.settle(List.of(take("c")), Map.of()).marks().values())
        .extracting(mark -> mark.state().reserved())
        .containsExactly(2L);
  }
}
