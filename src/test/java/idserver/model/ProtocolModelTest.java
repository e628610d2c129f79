package idserver.model;

import static org.assertj.core.api.Assertions.assertThat;

import idserver.model.Explorer.Outcome;
import idserver.model.Scenario.Bounds;
import idserver.model.Scenario.Site;
import org.junit.jupiter.api.Test;

/** The reservation protocol in every order of events, as far as each scenario goes. */
class ProtocolModelTest {
  private static final Site FIRST = new Site(0, 0);
  private static final Site SECOND = new Site(1, 1);

  static final Scenario ONE_NODE =
      Scenario.of("one node")
          .within(Bounds.NONE.kills(2).stops(1).failovers(1).lostAnswers(1).lateStatements(1));

  static final Scenario DAYS =
      Scenario.of("one node over midnight")
          .numbers(4)
          .within(Bounds.NONE.kills(1).stops(1).failovers(1).clockSteps(2));

  static final Scenario TWO_COUNTERS =
      Scenario.of("two counters in one transaction")
          .keys(2)
          .numbers(4)
          .within(Bounds.NONE.kills(1).stops(1).lostAnswers(1).lateStatements(1));

  static final Scenario TWO_NODES =
      Scenario.of("two nodes side by side")
          .sites(FIRST, SECOND)
          .within(Bounds.NONE.kills(1).stops(1).lateStatements(1));

  static final Scenario ONE_ROW =
      Scenario.of("two processes on one row")
          .sites(FIRST, FIRST)
          .withoutLease()
          .within(Bounds.NONE.kills(1).stops(1).lateStatements(1));

  static final Scenario TAKEN_OVER =
      Scenario.of("a node taken over")
          .sites(FIRST, FIRST)
          .numbers(4)
          .within(Bounds.NONE.kills(1).stops(1).lateStatements(1));

  static final Scenario LOST_FILE =
      Scenario.of("a node that loses its file")
          .within(Bounds.NONE.kills(2).stops(1).failovers(1).lostAnswers(1).lostFiles(1));

  private static void holds(Scenario scenario, int states) {
    Outcome outcome = Explorer.explore(scenario);

    System.out.println(scenario.name() + ": " + outcome);
    assertThat(outcome.isFine()).as("%s: %s", scenario.name(), outcome).isTrue();
    assertThat(outcome.states()).isGreaterThan(states);
  }

  @Test
  void holdsForOneNode() {
    holds(ONE_NODE, 200_000);
  }

  @Test
  void holdsForADatabaseThatComesBackOlderTwice() {
    holds(
        Scenario.of("one node, twice older")
            .within(Bounds.NONE.kills(2).failovers(2).lostAnswers(1)),
        20_000);
  }

  @Test
  void holdsOverMidnightAndAClockSetBack() {
    holds(DAYS, 200_000);
  }

  @Test
  void holdsForTwoCountersInOneTransaction() {
    holds(TWO_COUNTERS, 200_000);
  }

  @Test
  void holdsForTwoCountersInADatabaseThatComesBackOlder() {
    holds(
        Scenario.of("two counters, older")
            .keys(2)
            .numbers(4)
            .within(Bounds.NONE.kills(1).failovers(1)),
        30_000);
  }

  @Test
  void holdsForTwoNodes() {
    holds(TWO_NODES, 200_000);
  }

  @Test
  void holdsForTwoNodesOnADatabaseThatComesBackOlder() {
    holds(
        Scenario.of("two nodes, older")
            .sites(FIRST, SECOND)
            .numbers(4)
            .within(Bounds.NONE.kills(1).stops(1).failovers(1)),
        30_000);
  }

  @Test
  void holdsForTwoProcessesOnOneRow() {
    holds(ONE_ROW, 100_000);
  }

  /**
   * The file of one may then promise what the other one gave back, which looks like an older row.
   */
  @Test
  void holdsForTwoProcessesOnOneRowThatBothStop() {
    holds(
        Scenario.of("two processes on one row, both stopped")
            .sites(FIRST, FIRST)
            .withoutLease()
            .numbers(4)
            .without(Law.NO_FALSE_ALARM)
            .within(Bounds.NONE.kills(2).stops(2).lostAnswers(1).lateStatements(1)),
        100_000);
  }

  @Test
  void holdsForTwoProcessesOnOneRowOverMidnight() {
    holds(
        Scenario.of("two processes on one row over midnight")
            .sites(FIRST, FIRST)
            .withoutLease()
            .numbers(4)
            .within(Bounds.NONE.kills(1).clockSteps(1)),
        30_000);
  }

  /**
   * A file that is new begins with what the row promises, and a give-back of the one before may
   * still be under way, which then looks like an older row.
   */
  @Test
  void holdsForANodeThatIsTakenOverFromOneThatPaused() {
    holds(TAKEN_OVER.without(Law.NO_FALSE_ALARM), 100_000);
  }

  @Test
  void holdsForANodeThatLosesItsFile() {
    holds(LOST_FILE, 100_000);
  }
}
