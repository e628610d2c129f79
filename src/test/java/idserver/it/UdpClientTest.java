package idserver.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class UdpClientTest {

  @Test
  void returnsTheAnswer() throws Exception {
    try (FakeServer server = answering(request -> List.of(granted("7", 1)));
        UdpClient client = new UdpClient(server.port())) {
      assertThat(client.ask("{}").id()).isEqualTo("7");
    }
  }

  @Test
  void passesALateAnswerToAnEarlierRequest() throws Exception {
    try (FakeServer server =
            answering(request -> List.of(granted("late", 0), granted("own", seqOf(request))));
        UdpClient client = new UdpClient(server.port())) {
      assertThat(client.get("o2o", "test").id()).isEqualTo("own");
    }
  }

  @Test
  void saysWhenNoAnswerCame() throws Exception {
    try (FakeServer server = answering(request -> List.of());
        UdpClient client = new UdpClient(server.port(), Duration.ofMillis(20))) {
      assertThatThrownBy(() -> client.get("o2o", "test"))
          .isInstanceOf(SocketTimeoutException.class);
    }
  }

  private static FakeServer answering(Function<String, List<String>> answers) throws Exception {
    return new FakeServer(answers);
  }

  private static String granted(String id, long seq) {
    return "{\"code\":0,\"message\":\"success\",\"data\":\"%s\",\"seq\":%d}".formatted(id, seq);
  }

  private static long seqOf(String request) {
    return Answer.of(request).json().getJsonNumber("seq").longValue();
  }
}
