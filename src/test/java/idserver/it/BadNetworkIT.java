package idserver.it;

import static org.assertj.core.api.Assertions.assertThat;

import idserver.testing.UdpProxy;
import jakarta.json.JsonNumber;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * A network that loses datagrams, brings them twice and late: it costs numbers, and none comes
 * twice. A request that arrives twice has two answers with two ids.
 */
class BadNetworkIT {
  private static final int REQUESTS = 20_000;
  private static final int AT_ONCE = 20;
  private static final double SHARE = 0.15;

  private final Map<String, Long> seqs = new HashMap<>();
  private final Set<Long> answered = new HashSet<>();
  private int answers;

  @Test
  void lossRepetitionAndDelayCostNumbersAndNoneComesTwice() throws Exception {
    Installation installation = FaultSuite.installation("BadNetworkIT");
    try (CoreProcess server = CoreProcess.of(installation, 1, FaultSuite.settings("data/1"))) {
      server.begin();
      try (UdpProxy network = new UdpProxy(server.settings().udpPort(), SHARE, 7)) {
        ask(network.port());
      }
    }
    long highest =
        seqs.keySet().stream().mapToLong(id -> Long.parseLong(id.substring(9))).max().orElseThrow();
    System.out.printf(
        "%d requests, %d of them answered, %d answers, %d ids, the highest number %d%n",
        REQUESTS, answered.size(), answers, seqs.size(), highest);
    assertThat(answered.size()).isBetween(REQUESTS / 2, REQUESTS - 1);
    assertThat(seqs.size()).as("some requests came twice").isGreaterThan(answered.size());
    assertThat(highest).as("some answers were lost").isGreaterThan(seqs.size());
  }

  private void ask(int port) throws IOException {
    InetSocketAddress network = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    try (DatagramSocket socket = new DatagramSocket(0, network.getAddress())) {
      socket.setSoTimeout(5);
      for (int seq = 1; seq <= REQUESTS; seq++) {
        byte[] request =
            UdpClient.request("get", "hundred", "shop", seq).getBytes(StandardCharsets.UTF_8);
        socket.send(new DatagramPacket(request, request.length, network));
        if (seq % AT_ONCE == 0) {
          take(socket);
        }
      }
      socket.setSoTimeout(500);
      take(socket);
    }
  }

  private void take(DatagramSocket socket) throws IOException {
    byte[] buffer = new byte[2048];
    try {
      while (true) {
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        socket.receive(packet);
        take(Answer.of(new String(buffer, 0, packet.getLength(), StandardCharsets.UTF_8)));
      }
    } catch (SocketTimeoutException e) {
      // all that is there
    }
  }

  private void take(Answer answer) {
    answers++;
    if (!answer.granted()) {
      return;
    }
    long seq = ((JsonNumber) answer.seq()).longValueExact();
    answered.add(seq);
    Long other = seqs.put(answer.id(), seq);
    // the same answer may come twice, but never an id for somebody else
    assertThat(other == null || other == seq).as("%s for %s", answer, other).isTrue();
  }
}
