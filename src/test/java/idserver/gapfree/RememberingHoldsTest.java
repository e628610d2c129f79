package idserver.gapfree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import idserver.counter.CounterKey;
import idserver.counter.NumberRange;
import idserver.counter.Numbering;
import idserver.counter.Period;
import idserver.counter.SteadyClock;
import idserver.reserve.HighWaterFile;
import idserver.reserve.NodeLostException;
import idserver.reserve.StoreException;
import idserver.testing.Warnings;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database that came back older, as it looks to a server whose disk has not. */
class RememberingHoldsTest {
  private static final CounterKey KEY = new CounterKey("invoice", "shop");
  private static final Numbering NUMBERING =
      new Numbering(NumberRange.shared(1, 999), Period.NEVER, 1);
  private static final int HOLD_S = 60;

  @TempDir Path directory;

  private final AtomicLong second = new AtomicLong(1_795_348_800);
  private final InMemoryHoldStore.Storage database = new InMemoryHoldStore.Storage();
  private final InMemoryHoldStore.Storage backUp = new InMemoryHoldStore.Storage();
  private HighWaterFile file;
  private Warnings warnings;

  @BeforeEach
  void open() throws Exception {
    file = HighWaterFile.open(directory, 0);
    warnings = Warnings.of(RememberingHolds.class);
  }

  @AfterEach
  void close() throws Exception {
    warnings.close();
    file.close();
  }

  private RememberingHolds store() {
    SteadyClock clock = new SteadyClock(() -> second.get() * 1000, ZoneOffset.UTC);
    HoldStore store =
        new InMemoryHoldStore(database, clock, second::get, () -> InMemoryHoldStore.Fault.NONE);
    return new RememberingHolds(store, () -> {}, file);
  }

  private Outcome settle(Ask ask) throws StoreException {
    return store().settle(List.of(ask), Map.of()).outcomes().get(0);
  }

  private long take(String request) throws StoreException {
    Ask take = new Ask.Take(KEY, request, NUMBERING, HOLD_S, (number, moment) -> "I" + number);
    return ((Outcome.Given) settle(take)).number();
  }

  private Outcome confirm(String request) throws StoreException {
    return settle(new Ask.Confirm(KEY, request));
  }

  private void restart() throws Exception {
    file.close();
    file = HighWaterFile.open(directory, 0);
  }

  @Test
  void numbersThatTheDatabaseHasLostAreNotGivenAgain() throws Exception {
    take("a");
    backUp.become(database);
    take("b");
    confirm("b");
    database.become(backUp);
    restart();

    assertThat(take("c")).isEqualTo(3);
    assertThat(confirm("a")).isEqualTo(new Outcome.Refused(Outcome.Reason.NOT_HELD, ""));
    assertThat(warnings.messages()).singleElement().asString().contains("older", "shop");
    assertThat(take("d")).isEqualTo(4);
  }

  @Test
  void aNumberWhoseConfirmTheDatabaseHasLostIsNotGivenAgain() throws Exception {
    take("a");
    backUp.become(database);
    confirm("a");
    database.become(backUp);
    restart();
    second.addAndGet(HOLD_S);

    assertThat(take("b")).isEqualTo(2);
    assertThat(warnings.messages()).hasSize(1);
    second.addAndGet(HOLD_S);
    assertThat(take("c")).isEqualTo(2);
  }

  @Test
  void aDatabaseThatIsNotOlderIsBelieved() throws Exception {
    take("a");
    restart();
    take("b");
    confirm("a");
    restart();
    second.addAndGet(HOLD_S);

    assertThat(take("c")).isEqualTo(2);
    assertThat(warnings.messages()).isEmpty();
  }

  @Test
  void whoHasLostTheLeaseSettlesNothing() throws Exception {
    RememberingHolds lost =
        new RememberingHolds(
            store(),
            () -> {
              throw new NodeLostException("another has it");
            },
            file);

    assertThatThrownBy(() -> lost.settle(List.of(new Ask.Confirm(KEY, "a")), Map.of()))
        .isInstanceOf(NodeLostException.class);
  }
}
