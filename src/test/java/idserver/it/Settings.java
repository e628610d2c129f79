package idserver.it;

import idserver.testing.FreePorts;
import idserver.testing.MariaDb;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** A server's configuration file, as values. Immutable; each change makes a new one. */
record Settings(int udpPort, int httpPort, JsonObject json) {
  static final String HOST = "127.0.0.1";

  /** On free ports, with the embedded database in a data directory of this name, and no rule. */
  static Settings of(String dataDir) throws IOException {
    int udpPort = FreePorts.next();
    int httpPort = FreePorts.next();
    JsonObject json =
        Json.createObjectBuilder()
            .add("log_prefix", "id_server")
            .add("log_level", 3)
            .add("service_host", HOST)
            .add("service_port", udpPort)
            .add("http_port", httpPort)
            .add("data_dir", dataDir)
            .add("thread_count", 2)
            .add("queue_size", 100_000)
            .add("id_step", 1)
            .add("id_offset", 0)
            .add("rules", JsonValue.EMPTY_JSON_ARRAY)
            .build();
    return new Settings(udpPort, httpPort, json);
  }

  Settings with(String key, int value) {
    return with(key, Json.createValue(value));
  }

  Settings with(String key, String value) {
    return with(key, Json.createValue(value));
  }

  /** Any JSON value, a wrong one too. The ports are those of the object's own members. */
  Settings with(String key, JsonValue value) {
    return new Settings(udpPort, httpPort, Json.createObjectBuilder(json).add(key, value).build());
  }

  Settings nodes(int step, int offset) {
    return with("id_step", step).with("id_offset", offset);
  }

  Settings rule(String name, String luaFile, int batchSave) {
    JsonObject rule =
        Json.createObjectBuilder()
            .add("name", name)
            .add("lua_file", luaFile)
            .add("batch_save", batchSave)
            .build();
    return rule(rule);
  }

  /** A rule of type {@code time}; its epoch is a day such as {@code 2020-01-01}. */
  Settings timeRule(String name, String layout, String epoch) {
    JsonObject rule =
        Json.createObjectBuilder()
            .add("name", name)
            .add("type", "time")
            .add("layout", layout)
            .add("epoch", epoch)
            .build();
    return rule(rule);
  }

  /**
   * All rules so far take their numbers like that: {@code shared}, {@code strict} or {@code
   * interleaved}.
   */
  Settings allocated(String allocation) {
    return eachRule("allocation", Json.createValue(allocation));
  }

  /** The numbers of all rules so far have to be confirmed within so many seconds. */
  Settings gapFree(int confirmSeconds) {
    return allocated("gap_free").eachRule("confirm_seconds", Json.createValue(confirmSeconds));
  }

  private Settings eachRule(String key, JsonValue value) {
    JsonArrayBuilder rules = Json.createArrayBuilder();
    for (JsonObject rule : json.getJsonArray("rules").getValuesAs(JsonObject.class)) {
      rules.add(Json.createObjectBuilder(rule).add(key, value));
    }
    return with("rules", rules.build());
  }

  private Settings rule(JsonObject rule) {
    JsonArrayBuilder rules = Json.createArrayBuilder(json.getJsonArray("rules")).add(rule);
    return with("rules", rules.build());
  }

  Settings on(MariaDb database) {
    return onDatabase(database.port());
  }

  /** On a database that is reached at that port, by a proxy perhaps. */
  Settings onDatabase(int port) {
    return onDatabase(HOST, port);
  }

  /** On a database, or the nodes of a cluster with commas between them. */
  Settings onDatabase(String host, int port) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("host", host);
    members.put("port", port);
    members.put("user", MariaDb.USER);
    members.put("password", MariaDb.PASSWORD);
    members.put("charset", "utf8");
    members.put("dbname", MariaDb.DATABASE);
    JsonObjectBuilder object = Json.createObjectBuilder(members);
    return with("database", object.build());
  }

  String dataDir() {
    return json.getString("data_dir");
  }
}
