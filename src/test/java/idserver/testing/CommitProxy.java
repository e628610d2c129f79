package idserver.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Stands between the driver and a MariaDB on the loopback address, and breaks the connection at the
 * next commit when told to. Thread-safe.
 */
public final class CommitProxy implements AutoCloseable {
  /** What is lost together with the connection. */
  public enum Loss {
    NOTHING,
    /** The database never hears of the commit. */
    REQUEST,
    /** The database has committed, and nobody hears of it. */
    ANSWER
  }

  /** A query's packet: its kind, 3, and the text. */
  private static final String COMMIT = "\u0003commit";

  private final ServerSocket server;
  private final int port;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicReference<Loss> next = new AtomicReference<>(Loss.NOTHING);
  private final AtomicInteger commits = new AtomicInteger();

  public CommitProxy(int port) throws IOException {
    this.port = port;
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    threads.execute(this::accept);
  }

  public int port() {
    return server.getLocalPort();
  }

  /** Breaks the connection on which the next commit comes; once. */
  public void loseNext(Loss loss) {
    next.set(loss);
  }

  /** How many commits have come by. */
  public int commits() {
    return commits.get();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        Socket database = new Socket(InetAddress.getLoopbackAddress(), port);
        AtomicReference<Loss> losing = new AtomicReference<>(Loss.NOTHING);
        threads.execute(() -> pump(client, database, losing, true));
        threads.execute(() -> pump(database, client, losing, false));
      }
    } catch (IOException e) {
      // the end of the test
    }
  }

  private void pump(Socket from, Socket to, AtomicReference<Loss> losing, boolean requests) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] bytes = new byte[1 << 16];
      for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
        if (requests && isCommit(bytes, n)) {
          commits.incrementAndGet();
          losing.set(next.getAndSet(Loss.NOTHING));
        }
        if (losing.get() == (requests ? Loss.REQUEST : Loss.ANSWER)) {
          return;
        }
        out.write(bytes, 0, n);
      }
    } catch (IOException e) {
      // the other side has gone, and this one goes with it
    }
  }

  private static boolean isCommit(byte[] bytes, int length) {
    return new String(bytes, 0, length, StandardCharsets.ISO_8859_1)
        .toLowerCase(Locale.ROOT)
        .contains(COMMIT);
  }

  @Override
  public void close() throws IOException {
    server.close();
    threads.shutdownNow();
  }
}
