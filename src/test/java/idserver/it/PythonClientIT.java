package idserver.it;

import jakarta.json.JsonObject;
import java.io.IOException;

/** The client of one file, {@code src/clients/id_client.py}. */
class PythonClientIT extends ClientScenarios {
  @Override
  ClientDriver client(JsonObject settings) throws IOException {
    return new ScriptClient("python3", "id_client.py", settings);
  }

  @Override
  void assumeInstalled() {
    ScriptClient.assumeInstalled("python3");
  }
}
