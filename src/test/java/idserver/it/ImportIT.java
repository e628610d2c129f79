package idserver.it;

import static org.assertj.core.api.Assertions.assertThat;

import idserver.testing.MariaDb;
import idserver.testing.Outcome;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The counters of the original server, from the table that it keeps them in, taken over by two
 * servers on another database: as operations.md says.
 */
class ImportIT {
  private static final String USER = "ops";
  private static final String PASSWORD = "correct horse: battery";
  private static final String TABLE = "text/tab-separated-values";

  /** As the original's administrator made it: a row for each server and name. */
  private static final String ORIGINAL =
      """
      CREATE DATABASE original_id_counter;
      USE original_id_counter;
      CREATE TABLE counter (
        node_offset INT NOT NULL DEFAULT 0,
        counter INT NOT NULL DEFAULT 0,
        update_time INT NOT NULL DEFAULT 0,
        rule_name VARCHAR(64) NOT NULL DEFAULT '',
        app_name VARCHAR(64) NOT NULL DEFAULT '',
        PRIMARY KEY (node_offset, rule_name, app_name)
      ) ENGINE = InnoDB DEFAULT CHARSET = utf8;
      INSERT INTO counter (node_offset, counter, update_time, rule_name, app_name) VALUES
        (0, 1200, UNIX_TIMESTAMP(), 'dated', 'shop'),
        (1, 1401, UNIX_TIMESTAMP(), 'dated', 'shop'),
        (0, 73456, UNIX_TIMESTAMP(), 'dated', 'Größe 中文 \\\\ a'),
        (1, 9999, UNIX_TIMESTAMP() - 3 * 86400, 'dated', 'last week'),
        (1, 88, UNIX_TIMESTAMP() - 400 * 86400, 'lasting', 'old and never reset'),
        (0, 2147483647, UNIX_TIMESTAMP(), 'lasting', 'as high as it goes');
      """;

  private static final String LASTING =
      """
      function min_counter() return 1 end
      function max_counter() return 999999999999 end
      function reset_seconds() return 0 end
      function create_id(counter, now, salt)
        return string.format("L-%012d", counter:generate_counter())
      end
      """;

  /** The highest number of each that any of the original's servers has promised. */
  private static final Map<String, Long> PROMISED =
      Map.of(
          "dated/shop", 1401L,
          "dated/Größe 中文 \\ a", 73_456L,
          "lasting/old and never reset", 88L,
          "lasting/as high as it goes", 2_147_483_647L);

  private static MariaDb database;
  private static Installation installation;

  @BeforeAll
  static void install() throws Exception {
    database = MariaDb.fresh("ImportIT-database");
    installation =
        Installation.fresh("ImportIT")
            .rule("dated.lua", Installation.resource("dated.lua"))
            .rule("lasting.lua", LASTING);
    Path script = installation.root().resolve("original.sql");
    Files.writeString(script, ORIGINAL);
    Outcome made = database.source(script);
    assertThat(made.exitCode()).as(made.text()).isZero();
  }

  @AfterAll
  static void end() {
    database.close();
  }

  private static Server server(int number, int step, int node) throws IOException {
    return installation.server(
        number,
        Settings.of("data/" + number)
            .on(database)
            .nodes(step, node)
            .with(
                "admin",
                Json.createObjectBuilder().add("user", USER).add("password", PASSWORD).build())
            .rule("together", "lasting.lua", 100)
            .allocated("shared")
            .rule("dated", "dated.lua", 100)
            .rule("lasting", "lasting.lua", 100));
  }

  private static JsonObject take(Server server, String query, String table, int status)
      throws IOException {
    Rest.Reply reply =
        server
            .rest()
            .as(USER, PASSWORD)
            .send("POST", "/admin/counters/import" + query, table, TABLE);
    assertThat(reply.status()).as(reply.body()).isEqualTo(status);
    return Json.createReader(new StringReader(reply.body())).readObject();
  }

  private static long number(UdpClient client, String rule, String app) throws IOException {
    String id = client.id(rule, app.replace("\\", "\\\\"));
    return Long.parseLong(id.substring(id.indexOf('-') + 1));
  }

  @Test
  void theFirstNumberOfEachCounterIsAboveWhatTheOriginalHasStoredOnAllServersOfTheDatabase()
      throws Exception {
    Outcome table =
        database.query(
            "original_id_counter", "SELECT rule_name, app_name, counter, update_time FROM counter");
    assertThat(table.exitCode()).as(table.text()).isZero();
    assertThat(table.out().lines()).hasSize(6);

    try (Server one = server(1, 3, 0);
        Server other = server(2, 3, 1);
        Server later = server(3, 3, 2)) {
      one.start();
      other.start();

      JsonObject taken = take(one, "?servers=all", table.out(), 200);

      assertThat(taken.getInt("raised")).isEqualTo(PROMISED.size());
      assertThat(taken.getInt("earlier")).isEqualTo(1);
      assertThat(taken.getJsonArray("others").toString())
          .isEqualTo(
              "[{\"node_offset\":1,\"raised\":4,\"there\":0},"
                  + "{\"node_offset\":2,\"raised\":4,\"there\":0}]");
      assertThat(take(one, "?servers=all", table.out(), 200).getInt("there")).isEqualTo(4);

      // what the others have not used yet was reserved by nobody
      assertThat(one.rest().as(USER, PASSWORD).get("/admin/counters?search=old").body())
          .contains("\"node_offset\":2", "\"reserved\":\"88\"", "\"reserved_at\":null");

      later.start();
      for (Server each : new Server[] {one, other, later}) {
        try (UdpClient client = each.udp()) {
          for (Map.Entry<String, Long> counter : PROMISED.entrySet()) {
            String[] name = counter.getKey().split("/", 2);
            assertThat(number(client, name[0], name[1]))
                .as("%s on %s", counter.getKey(), each.data())
                .isBetween(counter.getValue() + 1, counter.getValue() + 3);
          }
          assertThat(number(client, "dated", "last week"))
              .as("of a day that is over")
              .isLessThan(3);
        }
      }

      // in use now: each server knows alone what it has in hand
      assertThat(take(one, "?servers=all", "dated\tshop\t5000\n", 409).getString("message"))
          .contains("id_offset 1: 1 counters, such as", "id_offset 2", "ask each of them itself");
      assertThat(take(other, "", "dated\tshop\t5000\n", 200).getInt("raised")).isEqualTo(1);
      assertThat(take(one, "?servers=all", "together\tx\t70\n", 400).getString("message"))
          .contains("from one row", "ask each of them itself");
      for (Server each : new Server[] {one, other, later}) {
        take(each, "", "together\tx\t70\n", 200);
      }
      try (UdpClient client = other.udp();
          UdpClient untouched = one.udp()) {
        assertThat(number(client, "together", "x")).isGreaterThan(70);
        assertThat(number(untouched, "together", "x")).isGreaterThan(70);
        assertThat(number(client, "dated", "shop")).isGreaterThan(5000);
        assertThat(number(untouched, "dated", "shop")).isLessThan(1500);
      }
    }
  }

  @Test
  void aServerWithADatabaseOfItsOwnIsAskedItself() throws Exception {
    Settings embedded =
        Settings.of("data/embedded")
            .nodes(2, 0)
            .with(
                "admin",
                Json.createObjectBuilder().add("user", USER).add("password", PASSWORD).build())
            .rule("lasting", "lasting.lua", 100);
    try (Server server = installation.server(4, embedded)) {
      server.start();

      assertThat(take(server, "?servers=all", "lasting\tx\t5\n", 400).getString("message"))
          .contains("servers", "ask each of them itself");
      assertThat(take(server, "?servers=both", "lasting\tx\t5\n", 400).getString("message"))
          .contains("must be this or all");
      assertThat(take(server, "", "lasting\tx\t5\n", 200).getInt("raised")).isEqualTo(1);
    }
  }
}
