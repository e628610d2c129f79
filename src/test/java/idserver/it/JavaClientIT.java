package idserver.it;

import static org.assertj.core.api.Assertions.assertThat;

import idserver.client.CacheSettings;
import idserver.client.ClientSettings;
import idserver.client.IdClient;
import idserver.client.LongIdCache;
import idserver.client.ServerAddress;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The client for Java, {@code idserver.client}. */
class JavaClientIT extends ClientScenarios {
  @Override
  ClientDriver client(JsonObject settings) {
    return new JavaClient(settings);
  }

  private IdClient ofBothServers() {
    return new IdClient(
        ClientSettings.of(
                ServerAddress.udp(Settings.HOST, server(0).udpPort()),
                ServerAddress.udp(Settings.HOST, server(1).udpPort()))
            .withDeadline(Duration.ofSeconds(20)));
  }

  @Test
  void thousandsOfRequestsMayBeUnderWay() {
    try (IdClient client = ofBothServers()) {
      List<CompletableFuture<String>> ids =
          Stream.generate(() -> client.getAsync("hundred", "at once")).limit(5_000).toList();
      assertThat(ids.stream().map(CompletableFuture::join)).hasSize(5_000).doesNotHaveDuplicates();
      System.out.println("5000 at once: " + client.metrics());
    }
  }

  @Test
  void itsCacheOfNumbersHandsOutTimeIds() {
    Set<Long> taken = new HashSet<>();
    try (IdClient client = ofBothServers();
        LongIdCache cache = LongIdCache.of(client, "event", "game", CacheSettings.DEFAULT)) {
      LongIdCache.Share share = cache.share(10);
      for (int i = 0; i < 2_000; i++) {
        assertThat(taken.add(cache.nextLong())).isTrue();
        assertThat(taken.add(share.nextLong())).isTrue();
      }
    }
    assertThat(taken).allMatch(id -> id > 0);
  }
}
