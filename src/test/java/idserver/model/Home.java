package idserver.model;

import idserver.counter.CounterKey;
import idserver.counter.NumberRange;
import idserver.counter.Numbering;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where a server lives, process after process, with its file. Confined to one thread. */
final class Home {
  private final Life life;
  private final int server;
  private final int node;
  private final Numbering numbering;
  private final Path folder;
  private final Map<CounterKey, Long> periods = new HashMap<>();
  private @Nullable LivingServer living;

  Home(Life life, int server, int node, Numbering numbering, Path folder) {
    this.life = life;
    this.server = server;
    this.node = node;
    this.numbering = numbering;
    this.folder = folder;
  }

  int node() {
    return node;
  }

  Numbering numbering() {
    return numbering;
  }

  Path folder() {
    return folder;
  }

  @Nullable LivingServer living() {
    return living;
  }

  void start() {
    living = new LivingServer(life, this);
    life.tell(this + " starts");
  }

  /** The process ends; whoever works for it finds that out. */
  void end(LivingServer ended) {
    if (living == ended) {
      living = null;
      ended.end();
    }
  }

  void kill() {
    LivingServer killed = living;
    if (killed != null) {
      life.tell(this + " is killed");
      end(killed);
    }
  }

  /** A number that one of its processes issued. */
  void issued(CounterKey key, long period, long number) {
    NumberRange range = numbering.range();
    if (number < range.first()
        || number > range.max()
        || (number - range.first()) % range.step() != 0) {
      throw new AssertionError(number + " belongs to another server");
    }
    if (periods.merge(key, period, Math::max) > period) {
      throw new AssertionError("period " + period + " came back");
    }
    life.issued(this, key, period, number);
  }

  @Override
  public String toString() {
    return "server " + (char) ('A' + server);
  }
}
