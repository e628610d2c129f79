package idserver.it;

import jakarta.json.JsonNumber;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients that ask without end, each over its own socket with several requests outstanding, while
 * the test kills and starts what it likes. An answer finds its request by {@code seq}; every id
 * goes to the checker, however late it comes. Thread-safe.
 */
final class Load implements AutoCloseable {
  /** After this a request is given up and another one sent; its answer still counts. */
  private static final Duration PATIENCE = Duration.ofMillis(500);

  /** How long late answers are waited for at the end. */
  private static final Duration LAST_CALL = Duration.ofSeconds(2);

  private final InetSocketAddress server;
  private final List<Namespace> namespaces;
  private final Checker checker;
  private final int window;
  private final long pauseNanos;
  private final ExecutorService threads;
  private final List<CompletableFuture<Void>> clients = new ArrayList<>();
  private final AtomicLong issued = new AtomicLong();
  private final AtomicLong unanswered = new AtomicLong();
  private final Map<String, Latencies> refusals = new ConcurrentHashMap<>();
  private final AtomicInteger generation = new AtomicInteger();
  private final AtomicLong heardNanos = new AtomicLong();
  private final AtomicLong silenceNanos = new AtomicLong();
  private volatile boolean ended;

  private Load(
      InetSocketAddress server,
      List<Namespace> namespaces,
      Checker checker,
      int sockets,
      int window,
      Duration pause) {
    this.pauseNanos = pause.toNanos();
    this.server = server;
    this.namespaces = List.copyOf(namespaces);
    this.checker = checker;
    this.window = window;
    this.threads = Executors.newFixedThreadPool(sockets);
  }

  /** Starts asking a server whose offset is 0, one namespace after the other. */
  static Load on(int port, List<Namespace> namespaces, Checker checker, int sockets, int window)
      throws IOException {
    return on(port, namespaces, checker, sockets, window, Duration.ZERO);
  }

  /** The same, with a pause after each answer. */
  static Load on(
      int port,
      List<Namespace> namespaces,
      Checker checker,
      int sockets,
      int window,
      Duration pause)
      throws IOException {
    InetSocketAddress server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    Load load = new Load(server, namespaces, checker, sockets, window, pause);
    for (int i = 0; i < sockets; i++) {
      Client client = load.new Client(i);
      load.clients.add(CompletableFuture.runAsync(client::run, load.threads));
    }
    return load;
  }

  /** To be called between the end of a server and its next start. */
  void nextGeneration() {
    generation.incrementAndGet();
  }

  /** From now on nobody is there to answer, until the next answer comes. */
  void expectSilence() {
    heardNanos.set(0);
  }

  /** The longest time without any answer, an id or an error, where one was to be expected. */
  Duration longestSilence() {
    return Duration.ofNanos(silenceNanos.get());
  }

  private void heard() {
    long now = System.nanoTime();
    long before = heardNanos.getAndSet(now);
    if (before != 0) {
      silenceNanos.accumulateAndGet(now - before, Math::max);
    }
  }

  /** How many ids have arrived so far. */
  long issued() {
    return issued.get();
  }

  /** How many requests were given up whose answers have not come so far. */
  long unanswered() {
    return unanswered.get();
  }

  /** The times of the answers that refused with this name. */
  Latencies refusals(String error) {
    return refusals.computeIfAbsent(error, name -> new Latencies());
  }

  /** The names of all refusals so far. */
  Set<String> errors() {
    return Set.copyOf(refusals.keySet());
  }

  /** Fails as soon as a client has failed; a load that died would make any test pass. */
  void assertAlive() {
    for (CompletableFuture<Void> client : clients) {
      if (client.isDone()) {
        client.join();
        throw new AssertionError("a client ended by itself");
      }
    }
  }

  /** Sends nothing more, and waits a while for late answers. */
  void end() {
    ended = true;
    clients.forEach(CompletableFuture::join);
  }

  @Override
  public void close() {
    ended = true;
    threads.shutdown();
  }

  private record Request(Namespace namespace, int generation, long sentMs, long sentNanos) {}

  /** One socket and its window. Confined to its thread. */
  private final class Client {
    private final Map<Long, Request> outstanding = new HashMap<>();
    private final Map<Long, Request> givenUp = new HashMap<>();
    private final byte[] buffer = new byte[2048];
    private final DatagramSocket socket;
    private long seq;
    private int turn;

    Client(int number) throws IOException {
      socket = new DatagramSocket(0, server.getAddress());
      socket.setSoTimeout(50);
      turn = number;
    }

    void run() {
      try (socket) {
        while (!ended) {
          while (outstanding.size() < window) {
            send();
          }
          receive();
          giveUp();
          if (pauseNanos > 0) {
            LockSupport.parkNanos(pauseNanos);
          }
        }
        long deadline = System.nanoTime() + LAST_CALL.toNanos();
        while (!outstanding.isEmpty() && System.nanoTime() - deadline < 0) {
          receive();
        }
        unanswered.addAndGet(outstanding.size());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private void send() throws IOException {
      Namespace namespace = namespaces.get(turn++ % namespaces.size());
      long id = ++seq;
      outstanding.put(
          id,
          new Request(namespace, generation.get(), System.currentTimeMillis(), System.nanoTime()));
      byte[] text =
          UdpClient.request("get", namespace.rule(), namespace.app(), id)
              .getBytes(StandardCharsets.UTF_8);
      socket.send(new DatagramPacket(text, text.length, server));
    }

    private void receive() throws IOException {
      DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
      try {
        socket.receive(packet);
      } catch (SocketTimeoutException e) {
        return;
      }
      Answer answer = Answer.of(new String(buffer, 0, packet.getLength(), StandardCharsets.UTF_8));
      heard();
      long id = ((JsonNumber) answer.seq()).longValueExact();
      Request request = outstanding.remove(id);
      if (request == null) {
        request = givenUp.remove(id);
        if (request == null) {
          throw new AssertionError("an answer to nothing, or a second one: " + answer.text());
        }
        unanswered.decrementAndGet();
      }
      take(request, answer);
    }

    private void take(Request request, Answer answer) {
      long now = System.currentTimeMillis();
      if (answer.granted()) {
        checker.add(
            new Checker.Issued(
                request.namespace(), 0, request.generation(), request.sentMs(), now, answer.id()));
        issued.incrementAndGet();
      } else {
        refusals(answer.error()).add(System.nanoTime() - request.sentNanos());
      }
    }

    private void giveUp() {
      long limit = System.nanoTime() - PATIENCE.toNanos();
      outstanding
          .entrySet()
          .removeIf(
              entry -> {
                boolean old = entry.getValue().sentNanos() - limit < 0;
                if (old) {
                  givenUp.put(entry.getKey(), entry.getValue());
                  unanswered.incrementAndGet();
                }
                return old;
              });
    }
  }
}
