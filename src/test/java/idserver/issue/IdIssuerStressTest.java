package idserver.issue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import idserver.reserve.BlockStore;
import idserver.reserve.InMemoryBlockStore;
import idserver.reserve.InMemoryBlockStore.Outcome;
import idserver.rule.RuleFaults;
import idserver.rule.RuleSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdIssuerStressTest {
  private static final List<RuleSource> RULES = List.of(new RuleSource("rule", "rule.lua", 20));
  private static final String DATE_AND_NUMBER =
      "return string.format('%d%02d%02d-%011d', now:year(), now:month(), now:day(), "
          + "counter:generate_counter())";
  // so far off that the numbers lost at each change of the range do not matter
  private static final long SMALL = 90_000_000_000L;
  private static final long LARGE = SMALL + 1;
  private static final int ASKING = 2;

  @TempDir Path directory;

  private final ExecutorService threads = Executors.newCachedThreadPool();

  @BeforeEach
  void writeRule() {
    TestServer.writeRule(directory, "rule.lua", SMALL, "", DATE_AND_NUMBER);
  }

  @AfterEach
  void endThreads() {
    threads.shutdownNow();
  }

  private TestServer server(BlockStore store) throws RuleFaults {
    return new TestServer(directory, store, writer -> threads.execute(writer::drain), RULES);
  }

  private static List<Answer> ask(TestServer server, RandomGenerator random, int times) {
    List<Answer> answers = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      String app = "app" + random.nextInt(3);
      answers.add(
          random.nextInt(50) == 0
              ? server.monitor("rule", app)
              : server.issue("rule", app, random.nextInt(1, 6)));
    }
    return answers;
  }

  private List<Answer> askOnThreads(TestServer server, long seed, int times) throws Exception {
    List<Future<List<Answer>>> asking = new ArrayList<>();
    for (int i = 0; i < ASKING; i++) {
      RandomGenerator random = new SplittableRandom(seed * ASKING + i);
      asking.add(threads.submit(() -> ask(server, random, times)));
    }
    List<Answer> answers = new ArrayList<>();
    for (Future<List<Answer>> thread : asking) {
      answers.addAll(thread.get(60, TimeUnit.SECONDS));
    }
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> answers.stream().noneMatch(answer -> answer.times() == 0));
    return answers;
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void everyReceiverIsToldOnceWhateverTheStoreDoes(long seed) throws Exception {
    AtomicInteger calls = new AtomicInteger();
    BlockStore store =
        new InMemoryBlockStore(
            new InMemoryBlockStore.Storage(), TestServer.OFFSET, () -> outcome(seed, calls));
    TestServer server = server(store);

    List<Answer> answers = askOnThreads(server, seed, 5_000);
    server.issuer.close();
    server.reservations.stop();
    assertThat(server.reservations.awaitIdle(10_000)).isTrue();
    server.counters.close();

    assertThat(answers).allSatisfy(answer -> assertThat(answer.times()).isEqualTo(1));
    assertThat(answers.stream().flatMap(answer -> answer.kinds().stream()))
        .isSubsetOf(RefusalKind.STORAGE_UNAVAILABLE, RefusalKind.TOO_MANY, RefusalKind.NOT_FOUND);
    assertThat(server.counters.waiting()).isZero();
  }

  private static Outcome outcome(long seed, AtomicInteger calls) {
    int dice = new SplittableRandom(seed * 1_000_003 + calls.incrementAndGet()).nextInt(20);
    return switch (dice) {
      case 0 -> Outcome.FAILS;
      case 1 -> Outcome.ANSWER_LOST;
      case 2, 3 -> Outcome.CONFLICTS;
      default -> Outcome.WORKS;
    };
  }

  @Test
  void noRequestFailsBecauseOfAReloadAndNoIdComesTwice() throws Exception {
    TestServer server =
        server(new InMemoryBlockStore(new InMemoryBlockStore.Storage(), TestServer.OFFSET));
    Future<Integer> reloading = threads.submit(() -> reload(server, 60));
    List<Future<List<Answer>>> asking = new ArrayList<>();
    for (int i = 0; i < ASKING; i++) {
      asking.add(threads.submit(() -> askUntil(reloading, server)));
    }
    List<Answer> answers = new ArrayList<>();
    for (Future<List<Answer>> thread : asking) {
      answers.addAll(thread.get(60, TimeUnit.SECONDS));
    }
    assertThat(reloading.get(30, TimeUnit.SECONDS)).isEqualTo(20);

    Set<String> seen = new HashSet<>();
    for (Answer answer : answers) {
      assertThat(answer.kinds()).isEmpty();
      assertThat(answer.times()).isEqualTo(1);
      assertThat(answer.ids()).hasSize(2);
      seen.addAll(answer.ids());
    }
    assertThat(seen).hasSize(2 * answers.size());
    assertThat(server.rules.current().version()).isEqualTo(1 + 40);
  }

  /** A few requests at a time on one counter, so that the ids alone tell what came twice. */
  private static List<Answer> askUntil(Future<?> end, TestServer server) {
    List<Answer> answers = new ArrayList<>();
    while (!end.isDone()) {
      List<Answer> batch = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        batch.add(server.issue("rule", "app", 2));
      }
      while (batch.stream().anyMatch(answer -> answer.times() == 0)) {
        Thread.onSpinWait();
      }
      answers.addAll(batch);
    }
    return answers;
  }

  /** Widens and narrows the range, and breaks the rule in between; answers how often it failed. */
  private int reload(TestServer server, int times) {
    int failed = 0;
    for (int i = 0; i < times; i++) {
      switch (i % 3) {
        case 0 -> TestServer.writeRule(directory, "rule.lua", LARGE, "", DATE_AND_NUMBER);
        case 1 -> TestServer.writeRule(directory, "rule.lua", LARGE, "", "return (");
        default -> TestServer.writeRule(directory, "rule.lua", SMALL, "", DATE_AND_NUMBER);
      }
      try {
        server.rules.reload(RULES);
      } catch (RuleFaults e) {
        failed++;
      }
    }
    return failed;
  }
}
