package idserver.udp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.List;
import org.junit.jupiter.api.Test;

class KernelLossTest {
  private static final String HEAD =
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout"
          + " inode ref pointer drops            ";

  private static String line(String local, int drops) {
    return "  120: "
        + local
        + " 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 4711 2"
        + " 0000000000000000 "
        + drops
        + "      ";
  }

  @Test
  void addsUpTheSocketsOfThePort() {
    List<String> lines =
        List.of(HEAD, line("0100007F:04B0", 3), line("00000000:04B0", 4), line("0100007F:04B1", 9));

    assertThat(KernelLoss.of(1200, lines)).isEqualTo(7);
    assertThat(KernelLoss.of(1201, lines)).isEqualTo(9);
    assertThat(KernelLoss.of(1202, lines)).isZero();
  }

  @Test
  void tellsWhatARealSocketLost() throws Exception {
    try (DatagramChannel full = DatagramChannel.open();
        DatagramChannel sender = DatagramChannel.open()) {
      full.setOption(StandardSocketOptions.SO_RCVBUF, 2048);
      full.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      InetSocketAddress to = (InetSocketAddress) full.getLocalAddress();
      assumeThat(KernelLoss.of(to.getPort())).as("does the kernel tell?").isZero();

      int sent = 1000;
      for (int i = 0; i < sent; i++) {
        sender.send(ByteBuffer.allocate(100), to);
      }
      full.configureBlocking(false);
      int received = 0;
      for (ByteBuffer into = ByteBuffer.allocate(100); full.receive(into) != null; into.clear()) {
        received++;
      }

      assertThat(received).isBetween(1, sent - 1);
      assertThat(KernelLoss.of(to.getPort())).isEqualTo(sent - received);
    }
  }
}
