package idserver.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import idserver.testing.CommitProxy;
import idserver.testing.MariaDb;
import idserver.testing.Outcome;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The fault suite on the product's own core and store, without the container. */
class CoreFaultsIT extends FaultSuite {
  private static final FaultTable TABLE = new FaultTable();

  /** Of the long form. Those of the paused owner and the double start wait for leases. */
  private static final Map<String, Integer> ROUNDS =
      Map.of(
          "kill", 500,
          "database", 300,
          "both", 300,
          "lost", 100,
          "paused", 100,
          "double", 100,
          "older", 100,
          "clock", 300);

  @AfterAll
  static void tell() throws IOException {
    TABLE.write(Path.of("target", "faults-core.md"), "Core and store without the container", SEED);
  }

  @Override
  Victim victim(Installation installation, int number, Settings settings) throws IOException {
    return CoreProcess.of(installation, number, settings);
  }

  @Override
  FaultTable table() {
    return TABLE;
  }

  @Override
  int rounds(String fault) {
    return ROUNDS.getOrDefault(fault, 1);
  }

  @Test
  void answerOfACommitLost() throws Exception {
    Checker checker = Checker.ofOneServer();
    try (MariaDb database = MariaDb.fresh(name("lost-database"));
        CommitProxy proxy = new CommitProxy(database.port())) {
      Victim victim =
          victim(installation(name("lost")), 1, settings("data/1").onDatabase(proxy.port()));
      tryOn(
          victim,
          "answer of a commit lost",
          "lost",
          checker,
          (run, round) -> {
            proxy.loseNext(
                random.nextInt(4) == 0 ? CommitProxy.Loss.REQUEST : CommitProxy.Loss.ANSWER);
            int before = proxy.commits();
            await().atMost(Duration.ofSeconds(20)).until(() -> proxy.commits() > before + 1);
          });
    }
  }

  @Test
  void databaseComesBackOlder() throws Exception {
    Checker checker = Checker.ofOneServer();
    try (MariaDb database = MariaDb.fresh(name("older-database"))) {
      Victim victim = victim(installation(name("older")), 1, settings("data/1").on(database));
      boolean[] kept = {false};
      tryOn(
          victim,
          "database put back to an older image",
          "older",
          checker,
          (run, round) -> {
            database.kill();
            boolean alive = random.nextBoolean();
            if (!alive) {
              victim.kill();
              run.died();
            }
            if (kept[0]) {
              database.putBackImage();
            } else {
              database.keepImage();
            }
            kept[0] = !kept[0];
            database.start();
            if (!alive) {
              victim.begin();
            }
          });
    }
  }

  @Test
  void secondServerWithAnOffsetInUse() throws Exception {
    Checker checker = Checker.ofOneServer();
    try (MariaDb database = MariaDb.fresh(name("double-database"))) {
      Installation installation = installation(name("double"));
      Victim victim = victim(installation, 1, settings("data/1").on(database));
      CoreProcess second = CoreProcess.of(installation, 2, settings("data/2").on(database));
      tryOn(
          victim,
          "second server with the same offset",
          "double",
          new FaultRun(checker, random).gently(),
          (run, round) -> {
            Outcome refused = second.refused();
            assertThat(refused.exitCode()).isNotZero();
            assertThat(refused.err()).contains("id_offset is in use by");
          });
    }
  }

  @Test
  void ownerPausedPastItsLease() throws Exception {
    Checker checker = new Checker(0, 999_999_999_999L, 1, zone());
    int rounds = scaled("paused");
    try (MariaDb database = MariaDb.fresh(name("paused-database"));
        FaultRun run = new FaultRun(checker, random).gently()) {
      Installation installation = installation(name("paused"));
      CoreProcess one = CoreProcess.of(installation, 1, trusting("data/1").on(database));
      CoreProcess other = CoreProcess.of(installation, 2, trusting("data/2").on(database));
      CoreProcess owner = one;
      run.begin(owner);
      for (int round = 1; round <= rounds; round++) {
        run.serve();
        owner.pause();
        run.silent(owner);
        CoreProcess successor = owner == one ? other : one;
        run.begin(successor);
        run.serve();
        owner.resume();
        run.serve();
        run.silent(owner);
        owner.kill();
        owner = successor;
      }
      told(run.end("owner paused past its lease, and resumed", rounds));
    }
  }

  private static Settings trusting(String dataDir) throws IOException {
    return settings(dataDir).with("trust_database", JsonValue.TRUE);
  }
}
