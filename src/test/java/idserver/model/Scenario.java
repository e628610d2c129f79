package idserver.model;

import idserver.counter.NumberRange;
import idserver.counter.Numbering;
import idserver.counter.Period;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Who takes part, and how much may happen. Immutable. What is not counted here may happen at any
 * time and as often as it likes: steps of the servers, failures that change nothing, restarts, the
 * replica catching up, a lease running out.
 *
 * @param name what it is called
 * @param sites the servers, one or two
 * @param keys how many counters there are, one or two
 * @param numbers how many numbers each counter has in a period
 * @param leased whether a server must hold its node; else nobody keeps two from one row
 * @param bounds how often what may happen
 * @param laws what must hold
 * @param faults what is broken on purpose
 */
record Scenario(
    String name,
    List<Site> sites,
    int keys,
    int numbers,
    boolean leased,
    Bounds bounds,
    Set<Law> laws,
    Set<Fault> faults) {
  /** A block has so many numbers. */
  static final int BLOCK = 2;

  /**
   * Where a server is.
   *
   * @param row the node whose rows it writes
   * @param offset its place among those who count in steps
   */
  record Site(int row, int offset) {}

  /**
   * How often what may happen.
   *
   * @param kills servers killed
   * @param stops servers stopped in peace
   * @param failovers the replica taking over, as old as it may be
   * @param lostAnswers commits that were done and whose answer was lost
   * @param lateStatements statements that arrive after their sender has given them up
   * @param lostFiles high-water files lost with their disk
   * @param clockSteps midnights, and clocks set back over one
   */
  record Bounds(
      int kills,
      int stops,
      int failovers,
      int lostAnswers,
      int lateStatements,
      int lostFiles,
      int clockSteps) {
    static final Bounds NONE = new Bounds(0, 0, 0, 0, 0, 0, 0);

    Bounds kills(int most) {
      return new Bounds(most, stops, failovers, lostAnswers, lateStatements, lostFiles, clockSteps);
    }

    Bounds stops(int most) {
      return new Bounds(kills, most, failovers, lostAnswers, lateStatements, lostFiles, clockSteps);
    }

    Bounds failovers(int most) {
      return new Bounds(kills, stops, most, lostAnswers, lateStatements, lostFiles, clockSteps);
    }

    Bounds lostAnswers(int most) {
      return new Bounds(kills, stops, failovers, most, lateStatements, lostFiles, clockSteps);
    }

    Bounds lateStatements(int most) {
      return new Bounds(kills, stops, failovers, lostAnswers, most, lostFiles, clockSteps);
    }

    Bounds lostFiles(int most) {
      return new Bounds(kills, stops, failovers, lostAnswers, lateStatements, most, clockSteps);
    }

    Bounds clockSteps(int most) {
      return new Bounds(kills, stops, failovers, lostAnswers, lateStatements, lostFiles, most);
    }
  }

  Scenario {
    sites = List.copyOf(sites);
    laws = Set.copyOf(laws);
    faults = Set.copyOf(faults);
  }

  /** One counter of one server, all laws, no faults, and nothing that may happen. */
  static Scenario of(String name) {
    return new Scenario(
        name,
        List.of(new Site(0, 0)),
        1,
        6,
        true,
        Bounds.NONE,
        EnumSet.allOf(Law.class),
        EnumSet.noneOf(Fault.class));
  }

  Scenario sites(Site... sites) {
    return new Scenario(name, List.of(sites), keys, numbers, leased, bounds, laws, faults);
  }

  Scenario keys(int keys) {
    return new Scenario(name, sites, keys, numbers, leased, bounds, laws, faults);
  }

  Scenario numbers(int numbers) {
    return new Scenario(name, sites, keys, numbers, leased, bounds, laws, faults);
  }

  Scenario withoutLease() {
    return new Scenario(name, sites, keys, numbers, false, bounds, laws, faults);
  }

  Scenario within(Bounds bounds) {
    return new Scenario(name, sites, keys, numbers, leased, bounds, laws, faults);
  }

  Scenario only(Law law) {
    return new Scenario(name, sites, keys, numbers, leased, bounds, EnumSet.of(law), faults);
  }

  Scenario without(Law law) {
    EnumSet<Law> others = EnumSet.copyOf(laws);
    others.remove(law);
    return new Scenario(name, sites, keys, numbers, leased, bounds, others, faults);
  }

  Scenario with(Fault fault) {
    return new Scenario(name, sites, keys, numbers, leased, bounds, laws, EnumSet.of(fault));
  }

  boolean has(Fault fault) {
    return faults.contains(fault);
  }

  /** Whether two servers can change places and nothing else does. */
  boolean isSymmetric() {
    return sites.size() == 2 && sites.get(0).equals(sites.get(1)) && !leased;
  }

  /** How many nodes there are. */
  int rows() {
    int last = 0;
    for (Site site : sites) {
      last = Math.max(last, site.row());
    }
    return last + 1;
  }

  /** How many servers count side by side. */
  int step() {
    int last = 0;
    for (Site site : sites) {
      last = Math.max(last, site.offset());
    }
    return last + 1;
  }

  /** What a server may issue. */
  NumberRange range(int server) {
    return new NumberRange(0, numbers - 1L, step(), sites.get(server).offset());
  }

  /** What a server wishes for. */
  Numbering numbering(int server) {
    NumberRange range =
        has(Fault.NOT_ALIGNED) ? new NumberRange(0, numbers - 1L, 1, 0) : range(server);
    return new Numbering(range, Period.NEVER, BLOCK);
  }
}
