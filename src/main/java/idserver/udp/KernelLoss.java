package idserver.udp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * How many datagrams the kernel threw away because a socket's receive buffer was full, as Linux
 * tells it in {@code /proc/net/udp}: one line a socket, the local address and port in hexadecimal
 * in the second column, the losses in the last.
 */
final class KernelLoss {
  private static final List<Path> TABLES =
      List.of(Path.of("/proc/net/udp"), Path.of("/proc/net/udp6"));

  private KernelLoss() {}

  /** The losses of the open sockets at that port, or -1 where the kernel does not tell. */
  static long of(int port) {
    long lost = 0;
    boolean told = false;
    for (Path table : TABLES) {
      try {
        lost += of(port, Files.readAllLines(table));
        told = true;
      } catch (IOException e) {
        // not Linux, or without that protocol
      }
    }
    return told ? lost : -1;
  }

  static long of(int port, List<String> lines) {
    String local = String.format(":%04X", port);
    long lost = 0;
    for (String line : lines) {
      String[] columns = line.strip().split("\\s+", -1);
      if (columns.length > 2 && columns[1].endsWith(local)) {
        lost += Long.parseLong(columns[columns.length - 1]);
      }
    }
    return lost;
  }
}
