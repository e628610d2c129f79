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
  private static final int NAMED_REQUESTS = 5_000;
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

  @Test
  void aRepetitionWithItsRequestIdCostsNoNumber() throws Exception {
    Installation installation = FaultSuite.installation("BadNetworkIT-named");
    try (CoreProcess server = CoreProcess.of(installation, 1, FaultSuite.settings("data/1"))) {
      server.begin();
      int port = server.settings().udpPort();
      try (UdpClient direct = new UdpClient(port)) {
        direct.id("hundred", "named");
        long before = counter(direct);
        Set<Long> ids;
        try (UdpProxy network = new UdpProxy(port, 0.3, 8)) {
          ids = askUntilAllAreAnswered(network.port());
        }
        long issued = counter(direct) - before;
        System.out.printf(
            "%d requests, %d answers, %d ids, %d numbers%n",
            NAMED_REQUESTS, answers, ids.size(), issued);
        assertThat(ids).hasSize(NAMED_REQUESTS);
        assertThat(answers).as("some answers came again").isGreaterThan(NAMED_REQUESTS);
        assertThat(issued).as("numbers drawn").isEqualTo(NAMED_REQUESTS);
      }
    }
  }

  private static long counter(UdpClient client) throws IOException {
    return client.monitor("hundred", "named").monitored().getInt("counter");
  }

  /** Asks for each id, and again with another seq, until it is there; the ids of all answers. */
  private Set<Long> askUntilAllAreAnswered(int port) throws IOException {
    InetSocketAddress network = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    Map<Long, Long> idOf = new HashMap<>();
    Set<Long> open = new HashSet<>();
    byte[] buffer = new byte[2048];
    try (DatagramSocket socket = new DatagramSocket(0, network.getAddress())) {
      socket.setSoTimeout(5);
      for (long next = 0, tries = 0; idOf.size() < NAMED_REQUESTS; tries++) {
        assertThat(tries).isLessThan(NAMED_REQUESTS);
        while (open.size() < AT_ONCE && next < NAMED_REQUESTS) {
          open.add(next++);
        }
        for (long request : open) {
          String seq = String.valueOf(tries * NAMED_REQUESTS + request);
          byte[] text =
              ("{\"action\":\"get\",\"rule_name\":\"hundred\",\"app_name\":\"named\",\"request_id\":\"r-"
                      + request
                      + "\",\"seq\":"
                      + seq
                      + "}")
                  .getBytes(StandardCharsets.UTF_8);
          socket.send(new DatagramPacket(text, text.length, network));
        }
        takeNamed(socket, buffer, idOf);
        open.removeAll(idOf.keySet());
      }
      socket.setSoTimeout(500);
      takeNamed(socket, buffer, idOf);
    }
    return new HashSet<>(idOf.values());
  }

  private void takeNamed(DatagramSocket socket, byte[] buffer, Map<Long, Long> idOf)
      throws IOException {
    try {
      while (true) {
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        socket.receive(packet);
        Answer answer =
            Answer.of(new String(buffer, 0, packet.getLength(), StandardCharsets.UTF_8));
        if (answer.granted()) {
          answers++;
          long request = ((JsonNumber) answer.seq()).longValueExact() % NAMED_REQUESTS;
          String id = answer.id();
          Long other = idOf.put(request, Long.parseLong(id.substring(9)));
          assertThat(other == null || other == Long.parseLong(id.substring(9)))
              .as("%s after %s", answer, other)
              .isTrue();
        }
      }
    } catch (SocketTimeoutException e) {
      // all that is there
    }
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
