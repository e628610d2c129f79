package idserver.it;

import jakarta.json.JsonNumber;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * A client of several equal servers: asks one, and the next one where that does not answer in time
 * or refuses, up to a deadline. Confined to one thread.
 */
final class FailingOver implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMillis(150);
  private static final Duration DEADLINE = Duration.ofSeconds(10);
  private static final long PAUSE_NANOS = Duration.ofMillis(20).toNanos();

  /** Takes every id that arrives, those of late answers too. */
  interface Taker {
    void take(Namespace namespace, int server, long sentMs, String id);
  }

  private record Asked(Namespace namespace, long sentMs) {}

  private final List<UdpClient> servers = new ArrayList<>();
  private final List<Map<Long, Asked>> asked = new ArrayList<>();
  private final Taker taker;
  private final long deadlineNanos;
  private int turn;

  FailingOver(List<Integer> ports, int first, Taker taker) throws IOException {
    this(ports, first, taker, DEADLINE);
  }

  FailingOver(List<Integer> ports, int first, Taker taker, Duration deadline) throws IOException {
    this.taker = taker;
    this.deadlineNanos = deadline.toNanos();
    for (int i = 0; i < ports.size(); i++) {
      int server = i;
      UdpClient client = new UdpClient(ports.get(i), PATIENCE);
      client.onLate(answer -> take(server, answer));
      servers.add(client);
      asked.add(new HashMap<>());
    }
    turn = first;
  }

  private void take(int server, Answer answer) {
    Asked request = asked.get(server).remove(((JsonNumber) answer.seq()).longValueExact());
    if (request == null) {
      throw new AssertionError("an answer to nothing, or a second one: " + answer.text());
    }
    if (answer.granted()) {
      answer.ids().forEach(id -> taker.take(request.namespace(), server, request.sentMs(), id));
    }
  }

  /**
   * Asks until there are ids, which go to the taker.
   *
   * @param count ids in one answer
   * @throws IOException when no server issued one before the deadline
   */
  void get(Namespace namespace, int count) throws IOException {
    long began = System.nanoTime();
    String last = "silence";
    for (int tries = 1; System.nanoTime() - began < deadlineNanos; tries++) {
      int server = Math.floorMod(turn, servers.size());
      try {
        UdpClient client = servers.get(server);
        asked.get(server).put(client.nextSeq(), new Asked(namespace, System.currentTimeMillis()));
        Answer answer = client.get(namespace.rule(), namespace.app(), count);
        take(server, answer);
        if (answer.granted()) {
          turn = tries == 1 ? turn + 1 : turn;
          return;
        }
        last = answer.text();
      } catch (SocketTimeoutException e) {
        last = "silence";
      }
      turn++;
      if (tries % servers.size() == 0) {
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
    throw new IOException("no server issued an id of " + namespace + ": " + last);
  }

  @Override
  public void close() {
    servers.forEach(UdpClient::close);
  }
}
