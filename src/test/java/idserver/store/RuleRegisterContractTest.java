package idserver.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import idserver.reserve.ConflictException;
import idserver.reserve.StoreException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the database remembers of rules, on every database. */
abstract class RuleRegisterContractTest {
  private static final long EPOCH_MS = 1_767_225_600_000L;

  /** Transactions on the storage of this test, which is empty when the test begins. */
  abstract Transactions transactions();

  /** As another server, or this one after a restart, would ask. */
  private List<String> enter(RuleEntry... rules) throws StoreException {
    return new RuleRegister(transactions()).enter(List.of(rules));
  }

  private static RuleEntry lua(String name) {
    return new RuleEntry(name, RuleEntry.INTERLEAVED, "classic", EPOCH_MS);
  }

  private static RuleEntry time(String name, String layout, long epochMs) {
    return new RuleEntry(name, "", layout, epochMs);
  }

  @Test
  void rulesComeBackAsTheyWere() throws Exception {
    assertThat(enter(lua("a"), time("t", "ordered", 0))).isEmpty();
    assertThat(enter(lua("a"), time("t", "ordered", 0), lua("b"))).isEmpty();
    assertThat(enter(lua("b"))).isEmpty();
  }

  @Test
  void anotherLayoutOrEpochIsRefusedAndNothingIsNoted() throws Exception {
    enter(time("t", "classic", EPOCH_MS));

    assertThat(enter(lua("new"), time("t", "ordered", EPOCH_MS)))
        .singleElement(STRING)
        .isEqualTo(
            "rule t: layout and epoch: its time ids were made as classic since 2026-01-01T00:00:00Z,"
                + " and the configuration has ordered since 2026-01-01T00:00:00Z: ids could come twice."
                + " Set it back, or give the rule another name");
    assertThat(enter(time("t", "classic", 0))).hasSize(1);
    assertThat(enter(new RuleEntry("new", RuleEntry.SHARED, "classic", EPOCH_MS))).isEmpty();
  }

  @Test
  void anotherAllocationIsRefusedBothWays() throws Exception {
    RuleEntry shared = new RuleEntry("s", RuleEntry.SHARED, "classic", EPOCH_MS);
    enter(lua("a"), shared);

    assertThat(enter(lua("s"))).singleElement(STRING).contains("are shared", "has interleaved");
    assertThat(enter(new RuleEntry("a", RuleEntry.SHARED, "classic", EPOCH_MS))).hasSize(1);
    assertThat(enter(lua("a"), shared)).isEmpty();
  }

  @Test
  void aGapFreeRuleStaysOneAndNoOtherBecomesOne() throws Exception {
    RuleEntry gapFree = new RuleEntry("g", RuleEntry.GAP_FREE, "classic", EPOCH_MS);
    RuleEntry shared = new RuleEntry("g", RuleEntry.SHARED, "classic", EPOCH_MS);
    enter(lua("a"), gapFree);

    assertThat(enter(shared)).singleElement(STRING).contains("are gap_free", "has shared");
    assertThat(enter(new RuleEntry("a", RuleEntry.GAP_FREE, "classic", EPOCH_MS)))
        .singleElement(STRING)
        .contains("are interleaved", "has gap_free", "migrate");
    assertThat(enter(gapFree)).isEmpty();
  }

  @Test
  void aStrictRuleIsNotTakenForASharedOne() throws Exception {
    enter(new RuleEntry("q", RuleEntry.STRICT, "classic", EPOCH_MS));

    assertThat(enter(new RuleEntry("q", RuleEntry.SHARED, "classic", EPOCH_MS)))
        .singleElement(STRING)
        .contains("are strict", "has shared", "migrate");
    assertThat(enter(new RuleEntry("q", RuleEntry.STRICT, "classic", EPOCH_MS))).isEmpty();
  }

  @Test
  void namesAreToldApartToTheByte() throws Exception {
    enter(lua("rule"));

    assertThat(enter(new RuleEntry("Rule", RuleEntry.SHARED, "ordered", 0))).isEmpty();
    assertThat(enter(lua("rule"))).isEmpty();
  }

  @Test
  void aTimeRuleThatGetsAScriptKeepsItsTimeIds() throws Exception {
    enter(time("r", "spill", 7));

    assertThat(enter(lua("r"))).hasSize(1);
    assertThat(enter(new RuleEntry("r", RuleEntry.SHARED, "spill", 7))).isEmpty();
    assertThat(enter(new RuleEntry("r", RuleEntry.INTERLEAVED, "spill", 7))).hasSize(1);
    assertThat(enter(time("r", "spill", 7))).isEmpty();
  }

  @Test
  void aComparisonNotesNothing() throws Exception {
    RuleRegister register = new RuleRegister(transactions());

    assertThat(register.compare(List.of(lua("a")))).isEmpty();
    assertThat(enter(new RuleEntry("a", RuleEntry.SHARED, "classic", EPOCH_MS))).isEmpty();
    assertThat(register.compare(List.of(lua("a")))).hasSize(1);
  }

  @Test
  void whatIsKnownNeedsNoDatabase() throws Exception {
    boolean[] gone = {false};
    RuleRegister register =
        new RuleRegister(
            Meddling.beforeWriting(
                transactions(),
                () -> {
                  if (gone[0]) {
                    throw new IllegalStateException("no database");
                  }
                }));
    register.enter(List.of(lua("a"), lua("b")));
    gone[0] = true;

    assertThat(register.enter(List.of(lua("b")))).isEmpty();
    assertThatThrownBy(() -> register.enter(List.of(lua("b"), lua("c"))))
        .isInstanceOf(StoreException.class)
        .isNotInstanceOf(ConflictException.class);
  }
}
