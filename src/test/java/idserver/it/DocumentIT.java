package idserver.it;

import static org.assertj.core.api.Assertions.assertThat;

import idserver.testing.MariaDb;
import idserver.testing.Outcome;
import java.sql.Connection;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The document's configuration and rule as they stand there, comments included, on the database
 * that its administrator creates with the script. Only where the database and the ports are is
 * changed.
 */
class DocumentIT {

  @Test
  void runsTheDocumentsConfigurationAndRuleUnchanged() throws Exception {
    Installation installation =
        Installation.fresh("DocumentIT")
            .rule("order_id.lua", Installation.resource("document.lua"));
    try (MariaDb database = MariaDb.bare("DocumentIT-database")) {
      Outcome schema = database.source(installation.deploy().resolve("counter.sql"));
      assertThat(schema.exitCode()).as(schema.text()).isZero();
      database.grant();

      Settings settings = Settings.of("data/1");
      try (Server server = installation.server(1, settings)) {
        server.configure("json", document(settings, database));
        server.start();

        assertServes(server);
        try (Connection connection = database.connect()) {
          assertThat(Reservation.all(connection))
              .extracting(Reservation::namespace)
              .containsExactlyInAnyOrder(
                  new Namespace("order_id", "test"), new Namespace("task", "test"));
        }
      }
    }
  }

  private static String document(Settings settings, MariaDb database) throws Exception {
    String text = Installation.resource("document.json");
    String changed =
        text.replace("\"host\":\"localhost\",\"port\":3306", "\"host\":\"%s\",\"port\":%d")
            .replace("\"service_port\" : 1200 ,", "\"service_port\" : %d , \"http_port\" : %d ,");
    assertThat(changed).isNotEqualTo(text);
    return changed.formatted(
        settings.udpPort(), settings.httpPort(), Settings.HOST, database.port());
  }

  private static void assertServes(Server server) throws Exception {
    try (UdpClient client = server.udp()) {
      LocalDate today = LocalDate.now(ZoneId.systemDefault());
      List<String> ids = List.of(client.id("order_id", "test"), client.id("order_id", "test"));
      LocalDate after = LocalDate.now(ZoneId.systemDefault());
      if (today.equals(after)) {
        String date =
            "%d%02d%02d"
                .formatted(today.getYear() % 10, today.getMonthValue(), today.getDayOfMonth());
        assertThat(ids).containsExactly(date + "0000", date + "0002");
      }
      assertThat(ids).allMatch(id -> id.matches("\\d{9}")).doesNotHaveDuplicates();
      assertThat(client.get("task", "test").granted()).isTrue();
    }
  }
}
