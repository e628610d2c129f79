package idserver.model;

import idserver.counter.CounterKey;
import idserver.counter.NumberRange;
import idserver.counter.Numbering;
import idserver.counter.Period;
import idserver.reserve.CounterState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Two servers of the product's own classes on one database, at random: each step is what one thread
 * does until it waits, and while one waits for its database or its disk others go on. Confined to
 * one thread.
 */
final class Life {
  private static final int STEPS = 250;
  private static final int DEEPEST = 3;
  private static final int STORY = 60;
  private static final long PERIOD_S = 300;
  private static final long START_MS = 1_795_305_600_000L;

  private final Random random;
  private final boolean oneRow;
  private final AtomicLong wallMs = new AtomicLong(START_MS);
  private final Rows rows = new Rows();
  private final List<Home> homes = new ArrayList<>();
  private final Set<Issued> issued = new HashSet<>();
  private final Set<Committed> committed = new HashSet<>();
  private final List<String> story = new ArrayList<>();
  private int depth;
  private boolean peaceful;

  private record Issued(CounterKey key, long period, long number) {}

  private record Committed(int node, CounterKey key, long period, long number) {}

  /** A server was killed, which whoever works for it does not survive. */
  static final class Killed extends Error {
    private static final long serialVersionUID = 1;

    Killed() {
      super("killed", null, false, false);
    }
  }

  /**
   * Two nodes of one database that may come back older; or, for odd seeds, two processes on one
   * row.
   */
  Life(long seed, Path folder) {
    random = new Random(seed);
    oneRow = seed % 2 != 0;
    for (int server = 0; server < 2; server++) {
      NumberRange range = new NumberRange(0, 400, oneRow ? 1 : 2, oneRow ? 0 : server);
      Numbering numbering = new Numbering(range, Period.ofSeconds(PERIOD_S), 1 + random.nextInt(4));
      homes.add(
          new Home(this, server, oneRow ? 0 : server, numbering, folder.resolve("" + server)));
    }
  }

  /** Lives, and ends in peace, where everybody is answered. */
  void live() {
    try {
      homes.forEach(Home::start);
      for (int i = 0; i < STEPS; i++) {
        step();
      }
      peaceful = true;
      homes.forEach(home -> with(home, LivingServer::settle));
    } finally {
      homes.forEach(Home::kill);
    }
  }

  int countIssued() {
    return issued.size();
  }

  String story() {
    return String.join(
        System.lineSeparator(), story.subList(Math.max(0, story.size() - STORY), story.size()));
  }

  void tell(String sentence) {
    story.add("  ".repeat(depth) + sentence);
  }

  Random random() {
    return random;
  }

  Rows rows() {
    return rows;
  }

  AtomicLong wallMs() {
    return wallMs;
  }

  /** Whether something goes wrong that does so often. */
  boolean isUnlucky(int percent) {
    return !peaceful && random.nextInt(100) < percent;
  }

  /** Whether no row can promise less than a file. */
  boolean cannotBeOlder() {
    return !oneRow && !rows.haveComeBackOlder();
  }

  /** Somebody waits: others go on. */
  void meanwhile() {
    if (peaceful || depth == DEEPEST) {
      return;
    }
    boolean interrupted = Thread.interrupted();
    depth++;
    for (int i = random.nextInt(4); i > 1; i--) {
      step();
    }
    depth--;
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void step() {
    Home home = homes.get(random.nextInt(homes.size()));
    int dice = random.nextInt(1_000);
    if (dice < 500) {
      with(home, LivingServer::request);
    } else if (dice < 850) {
      with(home, LivingServer::write);
    } else if (dice < 880) {
      with(home, LivingServer::expire);
    } else if (dice < 895) {
      home.kill();
    } else if (dice < 910) {
      with(home, LivingServer::stop);
    } else if (dice < 950) {
      passTime();
    } else {
      stepOfDatabase();
    }
  }

  /** What one of its threads does, which may end with the process. A home without one gets one. */
  private void with(Home home, Consumer<LivingServer> deed) {
    LivingServer living = home.living();
    if (living == null) {
      home.start();
      return;
    }
    try {
      deed.accept(living);
    } catch (Killed e) {
      tell("a thread of " + home + " ends with it");
    }
  }

  private void passTime() {
    long seconds = random.nextLong(-150, 250);
    wallMs.addAndGet(seconds * 1_000);
    tell("clocks go by " + seconds + " s");
  }

  private void stepOfDatabase() {
    int dice = random.nextInt(4);
    if (dice == 0) {
      tell("a late statement arrives");
      rows.arrive();
    } else if (dice == 1 && !oneRow) {
      tell("the replica takes over");
      rows.failOver();
    } else {
      rows.catchUp();
    }
  }

  void committed(int node, CounterKey key, NumberRange range, CounterState state, long first) {
    for (long number = first; number <= state.reserved(); number += range.step()) {
      committed.add(new Committed(node, key, state.period(), number));
    }
  }

  void issued(Home home, CounterKey key, long period, long number) {
    tell(home + " issues " + number + " of " + key.app() + ", " + period);
    if (!committed.contains(new Committed(home.node(), key, period, number))) {
      throw new AssertionError(number + " was never committed");
    }
    if (!issued.add(new Issued(key, period, number))) {
      throw new AssertionError(number + " was issued twice");
    }
  }
}
