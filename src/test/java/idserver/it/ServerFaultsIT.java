package idserver.it;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The fault suite on the real server. Its short form is {@link KillServerIT}. */
@EnabledIfSystemProperty(
    named = "faults.server",
    matches = "true",
    disabledReason = "belongs to mvn verify -Pfaults; KillServerIT is its short form")
class ServerFaultsIT extends FaultSuite {
  private static final FaultTable TABLE = new FaultTable();

  /** Of the long form. */
  private static final Map<String, Integer> ROUNDS =
      Map.of("kill", 30, "database", 20, "both", 20, "clock", 20);

  @AfterAll
  static void tell() throws IOException {
    TABLE.write(Path.of("target", "faults-server.md"), "The real server", SEED);
  }

  @Override
  Victim victim(Installation installation, int number, Settings settings) throws IOException {
    return installation.server(number, settings);
  }

  @Override
  FaultTable table() {
    return TABLE;
  }

  @Override
  int rounds(String fault) {
    return ROUNDS.getOrDefault(fault, 1);
  }
}
