package idserver.it;

import idserver.client.CacheSettings;
import idserver.client.ClientMetrics;
import idserver.client.ClientMetrics.ServerMetrics;
import idserver.client.ClientSettings;
import idserver.client.IdCache;
import idserver.client.IdClient;
import idserver.client.IdClientException;
import idserver.client.Progress;
import idserver.client.ServerAddress;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** The Java client, in this process. */
final class JavaClient implements ClientDriver {
  private final IdClient client;

  JavaClient(JsonObject settings) {
    List<ServerAddress> servers =
        settings.getJsonArray("servers").getValuesAs(JsonArray.class).stream()
            .map(each -> new ServerAddress(each.getString(0), each.getInt(1), each.getString(2)))
            .toList();
    double seconds = settings.getJsonNumber("deadline").doubleValue();
    client =
        new IdClient(
            ClientSettings.of(servers)
                .withDeadline(Duration.ofMillis(Math.round(1_000 * seconds)))
                .withRequestIds(settings.getBoolean("request_ids", true)));
  }

  @Override
  public JsonObject run(JsonObject command) {
    JsonObjectBuilder told = Json.createObjectBuilder();
    long began = System.nanoTime();
    try {
      told.add("ok", data(command));
    } catch (IdClientException e) {
      told.add("error", e.error()).add("code", e.code()).add("message", e.getMessage());
    }
    double nanos = System.nanoTime() - began;
    return told.add("ms", nanos / TimeUnit.MILLISECONDS.toNanos(1)).build();
  }

  private JsonValue data(JsonObject command) {
    String act = command.getString("do");
    if (act.equals("metrics")) {
      return metrics(client.metrics());
    }
    String rule = command.getString("rule");
    String app = command.getString("app");
    if (act.equals("monitor")) {
      Progress progress = client.monitor(rule, app);
      return Json.createObjectBuilder()
          .add("counter", progress.counter())
          .add("node_offset", progress.nodeOffset())
          .build();
    }
    if (act.equals("hold")) {
      return Json.createValue(client.hold(rule, app, command.getString("request_id")));
    }
    if (act.equals("confirm")) {
      return Json.createValue(client.confirm(rule, app, command.getString("request_id")));
    }
    if (act.equals("cancel")) {
      client.cancel(rule, app, command.getString("request_id"));
      return JsonValue.NULL;
    }
    if (act.equals("cache")) {
      return list(throughACache(rule, app, command.getInt("threads"), command.getInt("ids")));
    }
    if (command.containsKey("count")) {
      return list(client.get(rule, app, command.getInt("count")));
    }
    return Json.createValue(client.get(rule, app, command.getString("salt", "")));
  }

  private List<String> throughACache(String rule, String app, int threads, int ids) {
    try (IdCache cache = IdCache.of(client, rule, app, CacheSettings.DEFAULT)) {
      List<CompletableFuture<List<String>>> running = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        running.add(
            CompletableFuture.supplyAsync(
                () -> taken(cache, ids), task -> new Thread(task).start()));
      }
      return running.stream().flatMap(each -> joined(each).stream()).toList();
    }
  }

  private static List<String> joined(CompletableFuture<List<String>> running) {
    try {
      return running.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof IdClientException reason) {
        throw reason;
      }
      throw e;
    }
  }

  private static List<String> taken(IdCache cache, int ids) {
    List<String> taken = new ArrayList<>();
    for (int i = 0; i < ids; i++) {
      taken.add(cache.next());
    }
    return taken;
  }

  private static JsonArray list(List<String> ids) {
    return Json.createArrayBuilder(ids).build();
  }

  private static JsonObject metrics(ClientMetrics metrics) {
    JsonArrayBuilder servers = Json.createArrayBuilder();
    for (ServerMetrics each : metrics.servers()) {
      servers.add(
          Json.createObjectBuilder()
              .add("address", each.address())
              .add("state", each.state().name())
              .add("asked", each.asked())
              .add("answered", each.answered())
              .add("silent", each.silent()));
    }
    return Json.createObjectBuilder()
        .add("requests", metrics.requests())
        .add("ids", metrics.ids())
        .add("retries", metrics.retries())
        .add("fail_overs", metrics.failOvers())
        .add("timeouts", metrics.timeouts())
        .add("refused", metrics.refused())
        .add("failed", metrics.failed())
        .add("lost", metrics.lost())
        .add("servers", servers)
        .build();
  }

  @Override
  public void close() {
    client.close();
  }
}
