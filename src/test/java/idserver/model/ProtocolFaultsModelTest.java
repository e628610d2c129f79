package idserver.model;

import static org.assertj.core.api.Assertions.assertThat;

import idserver.model.Explorer.Outcome;
import idserver.model.Scenario.Bounds;
import idserver.model.Scenario.Site;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The protocol broken on purpose: the model finds each fault, and tells it by a shortest story. */
class ProtocolFaultsModelTest {
  private static final Site FIRST = new Site(0, 0);

  private static final Scenario ONE_NODE = ProtocolModelTest.ONE_NODE.numbers(4);
  private static final Scenario ONE_ROW = ProtocolModelTest.ONE_ROW.numbers(4);

  private static List<String> storyOf(Scenario scenario) {
    Outcome outcome = Explorer.explore(scenario);

    System.out.println(scenario.name() + " " + scenario.faults() + ": " + outcome);
    return outcome.story();
  }

  /** As many lines as there are steps, and a last one which says what is wrong. */
  private static void finds(Scenario scenario, int steps, String wrong) {
    assertThat(storyOf(scenario)).hasSize(steps + 1).last().asString().contains(wrong);
  }

  private static void findsANumberTwice(Scenario scenario, Fault fault, int steps) {
    finds(scenario.with(fault).only(Law.ONCE), steps, "was issued twice");
  }

  private static void findsAFalseAlarm(Fault fault, int steps) {
    finds(ONE_NODE.with(fault).only(Law.NO_FALSE_ALARM), steps, "is older than it was");
  }

  @Test
  void findsARowThatIsWrittenBlindly() {
    findsANumberTwice(ONE_ROW, Fault.BLIND_WRITE, 10);
  }

  @Test
  void findsThatALeaseAloneKeepsNobodyApart() {
    findsANumberTwice(ProtocolModelTest.TAKEN_OVER, Fault.BLIND_WRITE, 11);
  }

  @Test
  void findsABlockHandedOutBeforeItsCommit() {
    findsANumberTwice(ONE_NODE, Fault.GRANT_BEFORE_COMMIT, 7);
  }

  @Test
  void findsABlockInDoubtThatIsTakenForReserved() {
    findsANumberTwice(
        ONE_ROW.within(ONE_ROW.bounds().lostAnswers(1)), Fault.ADOPTS_WHAT_IS_IN_DOUBT, 10);
  }

  @Test
  void findsARestartThatBelievesTheDatabaseAlone() {
    findsANumberTwice(ONE_NODE, Fault.RESTARTS_FROM_THE_DATABASE, 12);
  }

  @Test
  void findsABlockHandedOutBeforeItIsInTheFile() {
    findsANumberTwice(ONE_NODE, Fault.GRANT_BEFORE_FILE, 12);
  }

  @Test
  void findsAFileThatIsWrittenBeforeTheCommit() {
    findsAFalseAlarm(Fault.FILE_BEFORE_COMMIT, 4);
  }

  @Test
  void findsNumbersThatAreGivenBackBlindly() {
    findsANumberTwice(ONE_ROW, Fault.BLIND_GIVE_BACK, 20);
  }

  @Test
  void findsAGiveBackThatLeavesTheFileAsItIs() {
    findsAFalseAlarm(Fault.GIVE_BACK_KEEPS_THE_FILE, 10);
  }

  @Test
  void findsAGiveBackThatBeginsWithTheRow() {
    findsAFalseAlarm(Fault.GIVE_BACK_ROW_FIRST, 10);
  }

  @Test
  void findsAGiveBackWhileNumbersAreStillIssued() {
    findsANumberTwice(ONE_NODE, Fault.GIVE_BACK_BEFORE_CLOSE, 14);
  }

  @Test
  void findsAGiveBackOfWhatSomebodyElseHasBetween() {
    Scenario scenario = ONE_ROW.numbers(8).within(Bounds.NONE.stops(1));

    findsANumberTwice(scenario, Fault.GIVE_BACK_ACROSS_A_GAP, 23);
  }

  @Test
  void findsAClockThatIsBelievedMoreThanTheRow() {
    Scenario days = ProtocolModelTest.DAYS.with(Fault.BELIEVES_THE_CLOCK);

    finds(days.only(Law.ONCE), 15, "was issued twice");
    finds(days.only(Law.PERIODS_IN_ORDER), 13, "day 1 came back");
  }

  @Test
  void findsTwoServersWithTheSameNumbers() {
    Scenario nodes = ProtocolModelTest.TWO_NODES.with(Fault.NOT_ALIGNED);

    finds(nodes.only(Law.ONCE), 10, "was issued twice");
    finds(nodes.only(Law.OWN_NUMBERS), 5, "belongs to another server");
  }

  @Test
  void findsANodeThatStartsWithoutItsFile() {
    findsANumberTwice(ProtocolModelTest.LOST_FILE, Fault.STARTS_WITHOUT_ITS_FILE, 13);
  }

  @Test
  void findsANewFileThatBeginsEmpty() {
    findsANumberTwice(ProtocolModelTest.LOST_FILE, Fault.NEW_FILE_BEGINS_EMPTY, 13);
  }

  /** What is not promised, and how it goes wrong. */
  @Test
  void knowsThatADatabaseOfTwoProcessesOnOneRowMustNotComeBackOlder() {
    finds(ONE_ROW.within(Bounds.NONE.failovers(1)).only(Law.ONCE), 11, "was issued twice");
  }

  @Test
  void knowsThatADatabaseMustNotComeBackOlderThanATakeover() {
    Scenario taken = ProtocolModelTest.TAKEN_OVER.sites(FIRST, FIRST);

    finds(taken.within(Bounds.NONE.kills(1).failovers(1)).only(Law.ONCE), 11, "was issued twice");
  }
}
