package idserver.it;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * One kind of fault, tried again and again on a server under load, with every answer checked.
 * Confined to one thread.
 */
final class FaultRun implements AutoCloseable {
  private static final Duration SERVICE = Duration.ofSeconds(40);
  private static final List<Namespace> NAMESPACES = namespaces();

  private final Checker checker;
  private final Random random;
  private final List<Load> loads = new ArrayList<>();
  private final List<Victim> victims = new ArrayList<>();
  private Duration pause = Duration.ZERO;
  private long slowestNanos;

  FaultRun(Checker checker, Random random) {
    this.checker = checker;
    this.random = random;
  }

  /** The rules that the load asks; the victim has to have them. */
  static Settings rules(Settings settings) {
    return settings
        .rule("one", "dated.lua", 1)
        .rule("ten", "dated.lua", 10)
        .rule("hundred", "dated.lua", 100);
  }

  /** Each with a busy and, by the number of namespaces, less busy applications. */
  private static List<Namespace> namespaces() {
    List<Namespace> namespaces = new ArrayList<>();
    for (String rule : List.of("one", "ten", "hundred")) {
      for (String app : List.of("a", "b", "c")) {
        namespaces.add(new Namespace(rule, app));
      }
    }
    return namespaces;
  }

  /** Asks with a pause after each answer: for faults that take long by themselves. */
  FaultRun gently() {
    pause = Duration.ofMillis(2);
    return this;
  }

  /** Starts a server that is asked without end from now on. */
  void begin(Victim victim) throws IOException {
    victim.begin();
    int at = victims.indexOf(victim);
    if (at < 0) {
      at = victims.size();
      victims.add(victim);
      loads.add(Load.on(victim.settings().udpPort(), NAMESPACES, checker, 2, 4, pause));
    }
    awaitIds(loads.get(at));
  }

  /** Lets the load go on for a moment. */
  void serve() {
    pass(random.nextInt(400));
    loads.forEach(Load::assertAlive);
  }

  private static void pass(int millis) {
    Executor then = CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS);
    CompletableFuture.runAsync(() -> {}, then).join();
  }

  /** The server has died: what comes later has to be above what came before. */
  void died() {
    loads.forEach(Load::nextGeneration);
    pass(50); // the answers that had been sent already are read
    loads.forEach(Load::expectSilence);
  }

  /** A server is not to answer for a while. */
  void silent(Victim victim) {
    loads.get(victims.indexOf(victim)).expectSilence();
  }

  /** Waits until ids come again, from the server that was started last. */
  void recovers() {
    long began = System.nanoTime();
    awaitIds(loads.get(loads.size() - 1));
    slowestNanos = Math.max(slowestNanos, System.nanoTime() - began);
  }

  private static void awaitIds(Load load) {
    long before = load.issued();
    await()
        .atMost(SERVICE)
        .pollInterval(Duration.ofMillis(1))
        .failFast("the load", load::assertAlive)
        .until(() -> load.issued() > before);
  }

  /** Ends the load, and tells what came of it. */
  FaultTable.Row end(String fault, int rounds) {
    loads.forEach(Load::end);
    List<String> faults = checker.faults();
    Duration silence =
        loads.stream().map(Load::longestSilence).max(Duration::compareTo).orElse(Duration.ZERO);
    return new FaultTable.Row(
        fault,
        rounds,
        checker.size(),
        faults,
        checker.lost(),
        silence,
        Duration.ofNanos(slowestNanos));
  }

  @Override
  public void close() {
    loads.forEach(Load::close);
    victims.forEach(Victim::close);
  }
}
