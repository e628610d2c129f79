package idserver.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class CheckerTest {
  private static final Namespace ORDERS = new Namespace("dated", "orders");
  private static final Namespace TICKETS = new Namespace("dated", "tickets");
  private static final long NOON = Instant.parse("2026-11-22T12:00:00Z").toEpochMilli();
  private static final long MIDNIGHT = Instant.parse("2026-11-23T00:00:00Z").toEpochMilli();

  private final Checker checker = new Checker(10, 99, 2, ZoneOffset.UTC);

  @Test
  void hasNothingAgainstSoundIds() {
    issue(ORDERS, 0, "20261122-000000000010");
    issue(ORDERS, 1, "20261122-000000000011");
    issue(TICKETS, 0, "20261122-000000000010");
    issue(ORDERS, 0, "20261122-000000000012");

    assertThat(checker.faults()).isEmpty();
  }

  @Test
  void findsAnIdTwice() {
    issue(ORDERS, 0, "20261122-000000000010");
    issue(ORDERS, 0, "20261122-000000000012");
    issue(ORDERS, 0, "20261122-000000000010");

    assertThat(checker.faults()).singleElement().asString().contains("twice", "counter=10");
  }

  @Test
  void findsWhatIsOutOfRange() {
    issue(ORDERS, 0, "20261122-000000000008");
    issue(ORDERS, 0, "20261122-000000000100");

    assertThat(checker.faults()).hasSize(2).allMatch(fault -> fault.contains("out of range"));
  }

  @Test
  void findsANumberOfAnotherServersResidue() {
    issue(ORDERS, 0, "20261122-000000000011");

    assertThat(checker.faults()).singleElement().asString().contains("residue");
  }

  @Test
  void findsAWrongDate() {
    issue(ORDERS, 0, "20261121-000000000010");

    assertThat(checker.faults()).singleElement().asString().contains("date");
  }

  @Test
  void takesEitherDateOfARequestThatCrossesMidnight() {
    checker.add(
        new Checker.Issued(ORDERS, 0, 0, MIDNIGHT - 1, MIDNIGHT + 1, "20261122-000000000010"));
    checker.add(
        new Checker.Issued(ORDERS, 0, 0, MIDNIGHT - 1, MIDNIGHT + 1, "20261123-000000000010"));

    assertThat(checker.faults()).isEmpty();
  }

  @Test
  void findsAnIdThatIsNoneOfTheRule() {
    issue(ORDERS, 0, "20261122-10");

    assertThat(checker.faults()).singleElement().asString().contains("not an id");
  }

  @Test
  void findsANumberBelowThoseOfAnEarlierRun() {
    issueIn(0, "20261122-000000000014");
    issueIn(1, "20261122-000000000012");

    assertThat(checker.faults()).singleElement().asString().contains("after a restart");
  }

  @Test
  void countsTheNumbersThatARestartCost() {
    issueIn(0, "20261122-000000000010");
    issueIn(1, "20261122-000000000020");

    assertThat(checker.assertSound()).contains("2 ids of 1 counters", "at most 4 numbers");
  }

  @Test
  void findsAReservationBelowAnIssuedNumber() {
    issue(ORDERS, 0, "20261122-000000000010");
    issue(ORDERS, 0, "20261122-000000000012");

    assertThat(checker.reservationFaults(List.of(new Reservation(ORDERS, 0, 11))))
        .singleElement()
        .asString()
        .contains("above the reservation of 11", "counter=12");
    assertThat(checker.reservationFaults(List.of(new Reservation(ORDERS, 0, 12)))).isEmpty();
  }

  @Test
  void comparesAReservationWithTheNewestPeriodOnly() {
    issue(ORDERS, 0, "20261122-000000000090");
    checker.add(new Checker.Issued(ORDERS, 0, 0, MIDNIGHT, MIDNIGHT + 1, "20261123-000000000010"));

    assertThat(checker.reservationFaults(List.of(new Reservation(ORDERS, 0, 12)))).isEmpty();
  }

  @Test
  void findsAnIdOfACounterThatHasNoRow() {
    issue(ORDERS, 0, "20261122-000000000010");

    assertThat(checker.reservationFaults(List.of(new Reservation(TICKETS, 0, 99))))
        .singleElement()
        .asString()
        .contains("without a row");
  }

  private void issue(Namespace namespace, int offset, String id) {
    checker.add(new Checker.Issued(namespace, offset, 0, NOON, NOON + 1, id));
  }

  private void issueIn(int generation, String id) {
    checker.add(new Checker.Issued(ORDERS, 0, generation, NOON, NOON + 1, id));
  }
}
