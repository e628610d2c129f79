package idserver.it;

import jakarta.json.JsonObject;
import java.io.IOException;

/** The client of one file, {@code src/clients/id_client.php}. */
class PhpClientIT extends ClientScenarios {
  @Override
  ClientDriver client(JsonObject settings) throws IOException {
    return new ScriptClient("php", "id_client.php", settings);
  }

  @Override
  void assumeInstalled() {
    ScriptClient.assumeInstalled("php");
  }
}
