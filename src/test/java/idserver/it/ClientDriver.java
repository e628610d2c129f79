package idserver.it;

import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.util.List;

/**
 * One of the product's clients, whatever its language, driven by commands in JSON; what they are
 * stands at the end of {@code src/clients/id_client.py}. Confined to one thread.
 */
interface ClientDriver extends AutoCloseable {
  /** What a command came to: {@code ok}, or {@code error}, {@code code} and {@code message}. */
  JsonObject run(JsonObject command) throws IOException;

  @Override
  void close() throws IOException;

  /**
   * What a command brought. Immutable.
   *
   * @param data a string, a list or an object; the JSON null when it failed
   * @param error empty when it did not fail
   * @param ms how long it took, by the client's own clock
   */
  record Reply(JsonValue data, String error, int code, String message, double ms) {
    String id() {
      return ((JsonString) whole()).getString();
    }

    List<String> ids() {
      return whole().asJsonArray().getValuesAs(JsonString::getString);
    }

    private JsonValue whole() {
      if (!error.isEmpty()) {
        throw new AssertionError(error + ": " + message);
      }
      return data;
    }
  }

  /** How a client is made. */
  static JsonObject settings(double deadline, Address... servers) {
    JsonArrayBuilder list = Json.createArrayBuilder();
    for (Address server : servers) {
      list.add(
          Json.createArrayBuilder().add(Settings.HOST).add(server.udpPort()).add(server.http()));
    }
    return Json.createObjectBuilder().add("servers", list).add("deadline", deadline).build();
  }

  /** A server on the loopback address; 0 and an empty text for what it has not. */
  record Address(int udpPort, String http) {
    static Address udp(int port) {
      return new Address(port, "");
    }
  }

  private static JsonObjectBuilder command(String act, String rule, String app) {
    return Json.createObjectBuilder().add("do", act).add("rule", rule).add("app", app);
  }

  private Reply reply(JsonObjectBuilder command) throws IOException {
    JsonObject told = run(command.build());
    return new Reply(
        told.getOrDefault("ok", JsonValue.NULL),
        told.getString("error", ""),
        told.getInt("code", 0),
        told.getString("message", ""),
        told.getJsonNumber("ms").doubleValue());
  }

  default Reply get(String rule, String app) throws IOException {
    return reply(command("get", rule, app));
  }

  default Reply get(String rule, String app, String salt) throws IOException {
    return reply(command("get", rule, app).add("salt", salt));
  }

  default Reply get(String rule, String app, int count) throws IOException {
    return reply(command("get", rule, app).add("count", count));
  }

  /** An id of a gap-free rule, held for that name. */
  default Reply hold(String rule, String app, String requestId) throws IOException {
    return reply(command("hold", rule, app).add("request_id", requestId));
  }

  default Reply confirm(String rule, String app, String requestId) throws IOException {
    return reply(command("confirm", rule, app).add("request_id", requestId));
  }

  default Reply cancel(String rule, String app, String requestId) throws IOException {
    return reply(command("cancel", rule, app).add("request_id", requestId));
  }

  default Reply monitor(String rule, String app) throws IOException {
    return reply(command("monitor", rule, app));
  }

  /** So many ids for each of so many threads, through a cache. */
  default Reply cached(String rule, String app, int threads, int ids) throws IOException {
    return reply(command("cache", rule, app).add("threads", threads).add("ids", ids));
  }

  /** The client's own counters. */
  default JsonObject metrics() throws IOException {
    return run(Json.createObjectBuilder().add("do", "metrics").build()).getJsonObject("ok");
  }

  /** What the client counts of the address with that number in its list, such as {@code asked}. */
  default int of(int address, String counter) throws IOException {
    return metrics().getJsonArray("servers").getJsonObject(address).getInt(counter);
  }
}
