package idserver.store;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import idserver.reserve.ConflictException;
import idserver.reserve.NodeLostException;
import idserver.reserve.StoreException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Who may be which node, on every database. */
abstract class NodesContractTest {
  private static final int RACERS = 4;

  /** The database's clock. */
  private final AtomicLong second = new AtomicLong(1_795_305_600);

  private final AtomicLong nanos = new AtomicLong();

  /** Transactions on the storage of this test, which is empty when the test begins. */
  abstract Transactions transactions() throws Exception;

  private Nodes nodes() throws Exception {
    return new Nodes(transactions(), true, em -> second.get());
  }

  private NodeEntry enter(NodeClaim claim) throws Exception {
    return nodes().enter(claim, false);
  }

  private void assertEnters(NodeClaim claim) throws Exception {
    NodeEntry entry = enter(claim);
    assertThat(entry.faults()).isEmpty();
    assertThat(entry.holder()).isNull();
  }

  private void pass(long seconds) {
    second.addAndGet(seconds);
    nanos.addAndGet(seconds * 1_000_000_000L);
  }

  /** Takes the offset; who waits for another one passes his time with this. */
  private NodeLease take(NodeClaim claim, NodeLease.Pause pause)
      throws NodeRefusedException, Exception {
    return NodeLease.take(
        nodes(),
        claim,
        false,
        () -> {
          pass(1);
          pause.pass();
        },
        nanos::get);
  }

  private NodeLease take(NodeClaim claim) throws Exception {
    return take(claim, () -> {});
  }

  @Test
  void theClockIsTheDatabases() throws Exception {
    NodeEntry entry = new Nodes(transactions(), true).enter(Claims.of("machine", "process"), false);

    assertThat(entry.databaseSecond())
        .isBetween(Instant.now().getEpochSecond() - 60, Instant.now().getEpochSecond() + 60);
  }

  @Test
  void whoStartsAgainWithTheSameSettingsMay() throws Exception {
    assertEnters(Claims.with(0, 2, "UTC"));
    assertEnters(Claims.with(0, 2, "UTC"));
    assertEnters(Claims.with(1, 2, "UTC"));
  }

  @Test
  void aChangedStepIsRefusedWithBothValuesAndWhatToDo() throws Exception {
    enter(Claims.with(1, 2, "UTC"));

    assertThat(enter(Claims.with(1, 3, "UTC")).faults())
        .singleElement(STRING)
        .startsWith("id_step: the numbers in the database were issued with 2,")
        .contains("the configuration has 3", "node_offset 1")
        .doesNotContain("\n");
  }

  @Test
  void aChangedZoneIsRefusedWithBothValues() throws Exception {
    enter(Claims.with(0, 2, "Asia/Shanghai"));

    assertThat(enter(Claims.with(0, 2, "UTC")).faults())
        .singleElement(STRING)
        .startsWith("time_zone: ")
        .contains("Asia/Shanghai", "UTC");
    assertThat(enter(Claims.with(0, 4, "UTC")).faults()).hasSize(2);
    assertEnters(Claims.with(0, 2, "Asia/Shanghai"));
  }

  @Test
  void theLongestNamesFit() throws Exception {
    NodeClaim claim =
        new NodeClaim(
            0,
            1,
            "America/Argentina/ComodRivadavia",
            "i".repeat(36),
            "o".repeat(36),
            "h".repeat(300),
            Long.MAX_VALUE,
            "é".repeat(300));
    assertEnters(claim);
    assertEnters(claim);
  }

  @Test
  void theSecondServerOfAnOffsetIsToldWhoHoldsIt() throws Exception {
    assertEnters(Claims.of("one", "first"));

    NodeHolder holder = requireNonNull(enter(Claims.of("other", "second")).holder());
    assertThat(holder.toString())
        .contains("on one", "pid 17", "/data/one", Instant.ofEpochSecond(second.get()).toString());
    // and the first is not disturbed
    nodes().renew(Claims.of("one", "first"), 1);
  }

  @Test
  void aServerThatDiedIsSucceededAtOnceOnItsOwnMachine() throws Exception {
    assertEnters(Claims.of("one", "killed"));

    assertEnters(Claims.of("one", "restarted"));
  }

  @Test
  void aCopyOfTheFileOnAnotherMachineProvesNothing() throws Exception {
    assertEnters(Claims.of("one", "first", "the file"));

    assertThat(enter(Claims.of("other", "second", "the file")).holder()).isNotNull();
    pass(Nodes.LEASE_S);
    assertEnters(Claims.of("other", "second", "the file"));
  }

  @Test
  void anEmbeddedDatabaseProvesThatWhoHeldItHasEnded() throws Exception {
    assertEnters(Claims.of("one", "killed", "the file"));
    Nodes embedded = new Nodes(transactions(), false, em -> second.get());

    assertThat(embedded.enter(Claims.of("renamed", "restarted", "the file"), false).holder())
        .isNull();
  }

  @Test
  void aKnownNodeWithoutItsFileIsRefusedUnlessTheOperatorAccepts() throws Exception {
    assertEnters(Claims.of("one", "first"));
    nodes().release(Claims.of("one", "first"));
    NodeClaim newMachine = Claims.of("other", "second");

    assertThat(enter(newMachine).faults())
        .singleElement(STRING)
        .contains("high-water file", "/data/other", "on one", "/data/one", "accept")
        .doesNotContain("\n");
    assertThat(nodes().enter(newMachine, true).faults()).isEmpty();
    // from now on it is this file
    assertEnters(Claims.of("other", "third"));
  }

  @Test
  void acceptanceTakesNoOffsetAwayFromWhoHoldsIt() throws Exception {
    assertEnters(Claims.of("one", "first"));

    assertThat(nodes().enter(Claims.of("other", "second"), true).holder()).isNotNull();
  }

  @Test
  void anOffsetThatWasReleasedIsFreeAtOnce() throws Exception {
    NodeLease lease = take(Claims.of("one", "first", "the file"));
    lease.release();
    lease.renew();

    assertEnters(Claims.of("other", "second", "the file"));
    // a second release is not the other's
    lease.release();
    nodes().renew(Claims.of("other", "second", "the file"), 1);
  }

  @Test
  void aSecondServerIsRefusedAsSoonAsTheFirstShowsThatItLives() throws Exception {
    NodeLease first = take(Claims.of("one", "first"));

    assertThatThrownBy(() -> take(Claims.of("other", "second"), renewing(first)))
        .isInstanceOf(NodeRefusedException.class)
        .message()
        .contains("id_offset is in use by", "on one", "pid 17", "/data/one")
        .doesNotContain("\n");
    first.check();
    assertThat(first.isLost()).isFalse();
  }

  private static NodeLease.Pause renewing(NodeLease lease) {
    return () -> {
      try {
        lease.renew();
      } catch (StoreException e) {
        throw new AssertionError(e);
      }
    };
  }

  @Test
  void whoWaitsForADeadServerGetsItsOffsetWhenTheLeaseHasRunOut() throws Exception {
    take(Claims.of("one", "killed", "the file"));
    long before = second.get();

    NodeLease lease = take(Claims.of("other", "second", "the file"));

    lease.check();
    assertThat(second.get() - before).isBetween(1L, Nodes.LEASE_S);
  }

  @Test
  void anOwnerThatWasPausedPastItsLeaseNoticesBeforeItReserves() throws Exception {
    NodeLease paused = take(Claims.of("one", "paused", "the file"));
    paused.check();
    pass(Nodes.LEASE_S);
    NodeLease successor = take(Claims.of("other", "second", "the file"));

    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(paused::check)
          .isInstanceOf(NodeLostException.class)
          .hasMessageContaining("node_offset 0 was taken over by")
          .hasMessageContaining("on other");
    }
    assertThat(paused.isLost()).isTrue();
    successor.renew();
    successor.check();
    // nor does it come back when the other one has gone: it was told to be stopped
    pass(Nodes.LEASE_S);
    assertThatThrownBy(paused::check).isInstanceOf(NodeLostException.class);
  }

  @Test
  void anOwnerWhoseSuccessorHasStoppedAgainIsNoOwner() throws Exception {
    NodeLease paused = take(Claims.of("one", "paused"));
    pass(Nodes.LEASE_S);
    nodes().enter(Claims.of("other", "second"), true);
    nodes().release(Claims.of("other", "second"));

    assertThatThrownBy(paused::check).isInstanceOf(NodeLostException.class);
  }

  @Test
  void anOwnerThatWasPausedAndNotSucceededGoesOn() throws Exception {
    NodeLease lease = take(Claims.of("one", "paused"));
    pass(10 * Nodes.LEASE_S);

    lease.check();

    assertThat(enter(Claims.of("other", "second")).holder()).isNotNull();
  }

  @Test
  void aLeaseIsNotAskedForAtEachReservation() throws Exception {
    NodeLease lease = take(Claims.of("one", "first"));
    pass(Nodes.LEASE_S - 1);
    nodes().enter(Claims.of("one", "stealer"), false);

    lease.check();
    pass(1);
    assertThatThrownBy(lease::check).isInstanceOf(NodeLostException.class);
  }

  @Test
  void anOwnerGoesOnOnADatabaseThatCameBackOlder() throws Exception {
    NodeLease lease = take(Claims.of("one", "first"));
    empty();
    lease.renew();
    assertThat(enter(Claims.of("other", "second")).holder()).isNotNull();

    empty();
    nodes().enter(Claims.of("one", "earlier"), false);
    pass(Nodes.LEASE_S);
    lease.renew();
    lease.check();
  }

  /** As a database is that knows nothing. */
  private void empty() throws Exception {
    transactions().inNew(em -> em.createQuery("delete from NodeRow r").executeUpdate());
  }

  @Test
  void ofManyThatStartAtOnceOneGetsTheOffset() throws Exception {
    ExecutorService racers = Executors.newFixedThreadPool(RACERS);
    try {
      List<Callable<Boolean>> races = new ArrayList<>();
      IntStream.range(0, RACERS).forEach(i -> races.add(() -> enters(i)));
      int winners = 0;
      for (Future<Boolean> race : racers.invokeAll(races)) {
        winners += race.get() ? 1 : 0;
      }
      assertThat(winners).isEqualTo(1);
    } finally {
      racers.shutdownNow();
    }
  }

  private boolean enters(int racer) throws Exception {
    while (true) {
      try {
        NodeEntry entry = nodes().enter(Claims.of("machine " + racer, "p" + racer, "file"), false);
        return entry.holder() == null;
      } catch (ConflictException e) {
        // another was faster: looked again
      }
    }
  }
}
