package idserver.it;

import jakarta.json.JsonObject;

/** The client for Java, {@code idserver.client}. */
class JavaClientIT extends ClientScenarios {
  @Override
  ClientDriver client(JsonObject settings) {
    return new JavaClient(settings);
  }
}
