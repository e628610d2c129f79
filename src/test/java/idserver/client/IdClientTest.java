package idserver.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class IdClientTest {
  private final DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress());
  private final ClientSettings settings =
      ClientSettings.of(ServerAddress.udp("127.0.0.1", silent.getLocalPort()));

  IdClientTest() throws IOException {}

  @Test
  void closingEndsWhatIsUnderWay() {
    IdClient client = new IdClient(settings.withDeadline(Duration.ofMinutes(10)));
    CompletableFuture<String> id = client.getAsync("rule", "app");
    client.close();

    assertThatThrownBy(id::join)
        .isInstanceOf(CompletionException.class)
        .hasRootCauseInstanceOf(IdClientException.class)
        .hasMessageContaining(IdClientException.CLOSED);
    assertThatThrownBy(() -> client.get("rule", "app"))
        .isInstanceOf(IdClientException.class)
        .hasMessageContaining(IdClientException.CLOSED);
  }

  @Test
  void anInterruptedThreadWaitsNoLongerAndStaysInterrupted() {
    try (IdClient client = new IdClient(settings.withDeadline(Duration.ofMinutes(10)))) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> client.get("rule", "app"))
          .isInstanceOfSatisfying(
              IdClientException.class,
              reason -> assertThat(reason.error()).isEqualTo(IdClientException.INTERRUPTED));
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void whatNoDatagramHoldsIsRefusedAtOnceWithoutHttp() {
    try (IdClient client = new IdClient(settings)) {
      assertThatThrownBy(() -> client.get("rule", "a".repeat(1_400)))
          .isInstanceOf(IdClientException.class)
          .hasMessageContaining("TOO_LARGE");
    }
  }

  @Test
  void aNameThatNobodyKnowsIsAServerThatDoesNotAnswer() {
    ClientSettings unknown =
        ClientSettings.of(ServerAddress.udp("no-such-host.invalid", 1200))
            .withDeadline(Duration.ofMillis(300));
    try (IdClient client = new IdClient(unknown)) {
      assertThatThrownBy(() -> client.get("rule", "app"))
          .isInstanceOf(IdClientException.class)
          .hasMessageContaining("no-such-host.invalid:1200: unknown host");
    }
  }

  @Test
  void aCountThatCannotBeIsRefused() {
    try (IdClient client = new IdClient(settings)) {
      assertThatThrownBy(() -> client.get("rule", "app", 0)).hasMessageContaining("1 to 10000: 0");
      assertThatThrownBy(() -> client.get("rule", "app", 10_001)).hasMessageContaining("10001");
    }
  }
}
