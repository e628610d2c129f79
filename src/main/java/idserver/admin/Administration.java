package idserver.admin;

import idserver.counter.Counter;
import idserver.counter.CounterKey;
import idserver.counter.Counters;
import idserver.counter.Moment;
import idserver.counter.NumberRange;
import idserver.counter.Numbering;
import idserver.counter.Period;
import idserver.counter.SteadyClock;
import idserver.gapfree.Hold;
import idserver.reserve.ConflictException;
import idserver.reserve.ReservedBlock;
import idserver.reserve.StoreException;
import idserver.rule.Experiment;
import idserver.rule.Rule;
import idserver.rule.RuleFaults;
import idserver.rule.RuleLoader;
import idserver.rule.RuleSource;
import idserver.store.CounterRegister;
import idserver.store.NodeView;
import idserver.store.Nodes;
import idserver.store.OtherServers;
import idserver.store.StoredCounter;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What an administrator sees and does, over whatever transport. Thread-safe. Most of it asks the
 * database and waits for it, so it has threads of its own.
 */
public final class Administration {
  /** How long a raise waits for the reservation that makes it durable. */
  private static final long RAISE_NANOS = 5_000_000_000L;

  private static final int MOST_FAULTS = 20;

  /** So many rows of other servers are written by one import. */
  private static final long MOST_ROWS = 1_000_000;

  private final int nodeOffset;
  private final ZoneId zone;
  private final RulesAdmin rules;
  private final RuleLoader loader;
  private final SteadyClock clock;
  private final Counters counters;
  private final CounterRegister register;
  private final Nodes nodes;
  private final Optional<OtherServers> others;
  private final BlockLog blocks;
  private final GapFreeCounters gapFree;
  private final StrictCounters strict;

  /**
   * @param nodeOffset {@code id_offset} of this server
   * @param zone the zone whose dates the ids carry
   * @param others empty where each server has a database of its own
   */
  public Administration(
      int nodeOffset,
      ZoneId zone,
      RulesAdmin rules,
      RuleLoader loader,
      SteadyClock clock,
      Counters counters,
      CounterRegister register,
      Nodes nodes,
      Optional<OtherServers> others,
      BlockLog blocks,
      GapFreeCounters gapFree,
      StrictCounters strict) {
    this.nodeOffset = nodeOffset;
    this.zone = zone;
    this.rules = rules;
    this.loader = loader;
    this.clock = clock;
    this.counters = counters;
    this.register = register;
    this.nodes = nodes;
    this.others = others;
    this.blocks = blocks;
    this.gapFree = gapFree;
    this.strict = strict;
  }

  /** The rules and who changed them. */
  RulesAdmin rules() {
    return rules;
  }

  /** {@code id_offset} of this server. */
  int nodeOffset() {
    return nodeOffset;
  }

  /** The zone whose dates the ids carry. */
  ZoneId zone() {
    return zone;
  }

  /** All servers that the database knows. */
  List<NodeView> nodes() throws StoreException {
    return nodes.all();
  }

  /** One page of the counters of all servers; see {@link CounterRegister#page}. */
  CounterRegister.Page counters(String search, String rule, String app, int afterNode, int most)
      throws StoreException {
    CounterRegister.Page page = register.page(search, rule, app, afterNode, most);
    return new CounterRegister.Page(
        page.counters().stream().filter(this::isInUse).toList(), page.last());
  }

  /** A rule that was migrated to the other allocation leaves rows behind. */
  private boolean isInUse(StoredCounter stored) {
    Rule rule = rules.current().find(stored.key().rule());
    return rule == null || rule.numbering().range().shared() == stored.isShared();
  }

  /** A stored counter with what this server knows of it. */
  CounterItem item(StoredCounter stored) {
    boolean here = stored.isShared() || stored.nodeOffset() == nodeOffset;
    Counter live = here ? counters.find(stored.key()) : null;
    return CounterItem.of(
        stored,
        rules.current().find(stored.key().rule()),
        live == null ? null : live.view(),
        zone,
        Instant.now());
  }

  /**
   * The blocks that this server has reserved, the latest first; see {@link BlockLog#find}.
   *
   * @param number only the block that holds it; empty for all
   */
  List<ReservedBlock> blocks(String rule, String app, OptionalLong number, int most) {
    return blocks.find(
        block ->
            (rule.isEmpty() || block.key().rule().equals(rule))
                && (app.isEmpty() || block.key().app().equals(app))
                && (number.isEmpty() || block.holds(number.getAsLong())),
        most);
  }

  /** When the period of that block began, on the clock of its rule, as that is served. */
  LocalDateTime periodBegin(ReservedBlock block) {
    Rule rule = rules.current().find(block.key().rule());
    return CounterItem.periodBegin(rule == null ? null : rule.numbering(), block.period());
  }

  /**
   * Has a counter of this server go on above {@code to} in the present period. Completes when that
   * is durable.
   *
   * @return whether it changed anything: false when it was there already
   */
  CompletionStage<Boolean> raise(CounterKey key, long to) throws AdminRefusal {
    Rule rule = raisable(key, to);
    if (rule.isGapFree()) {
      return gapFree.raise(key, rule, to, RAISE_NANOS);
    }
    if (rule.isStrict()) {
      return strict.raise(key, rule, to, RAISE_NANOS);
    }
    return new Raise(counter(key), rule.numbering(), clock, to, RAISE_NANOS).begin();
  }

  /**
   * The numbers of a counter of a gap-free rule that are not confirmed; see {@link
   * GapFreeCounters#unconfirmed}.
   */
  List<Hold> unconfirmed(CounterKey key, long afterPeriod, long afterNumber, int most)
      throws AdminRefusal, StoreException {
    if (!ruleOf(key).isGapFree()) {
      throw AdminRefusal.badField("rule", "is not gap_free: no number of it is held");
    }
    return gapFree.unconfirmed(key, afterPeriod, afterNumber, most);
  }

  /** When that period began, on the clock of its rule; empty where that has none. */
  Optional<LocalDateTime> periodBegin(CounterKey key, long period) {
    Rule rule = rules.current().find(key.rule());
    Numbering numbering = rule == null ? null : rule.numbering();
    return numbering != null && numbering.period().equals(Period.NEVER)
        ? Optional.empty()
        : Optional.of(CounterItem.periodBegin(numbering, period));
  }

  private Counter counter(CounterKey key) throws AdminRefusal {
    Counter counter = counters.get(key);
    if (counter == null) {
      throw new AdminRefusal(429, "TOO_MANY", "too many app_names in use (max_counters)");
    }
    return counter;
  }

  /** The rule of a counter that can be raised so far. */
  private Rule raisable(CounterKey key, long to) throws AdminRefusal {
    Rule rule = ruleOf(key);
    NumberRange range = rule.numbering().range();
    if (to < range.min() || to > range.max()) {
      throw AdminRefusal.badField(
          "to", "must be a number from " + range.min() + " to " + range.max() + ", and is " + to);
    }
    if (range.firstAbove(to) == NumberRange.NONE) {
      throw new AdminRefusal(
          409, "EXHAUSTED", "no number of this server is above " + to + " in this period");
    }
    return rule;
  }

  private Rule ruleOf(CounterKey key) throws AdminRefusal {
    Rule rule = rules.current().find(key.rule());
    if (rule == null) {
      throw new AdminRefusal(404, "UNKNOWN_RULE", "no such rule with counters: " + key.rule());
    }
    return rule;
  }

  /**
   * Has all these counters go on above their numbers, as {@link #raise}; none of them where one
   * cannot be raised. Lines of an earlier period are left out. Completes when all of it is durable.
   *
   * @param everywhere on all servers of the database, where those can have no such number in hand:
   *     see {@link OtherServers}
   */
  CompletionStage<Imported> take(CounterImport numbers, boolean everywhere) throws AdminRefusal {
    List<String> faults = new ArrayList<>(numbers.faults());
    Map<CounterKey, Long> present = new LinkedHashMap<>();
    int earlier = 0;
    for (CounterImport.Line line : numbers.lines()) {
      try {
        if (isEarlier(line)) {
          earlier++;
        } else {
          Rule rule = raisable(line.key(), line.number());
          if (everywhere && rule.numbering().range().shared()) {
            throw AdminRefusal.badField(
                "servers",
                "all servers take the numbers of this rule from one row; ask each of them itself");
          }
          present.merge(line.key(), line.number(), Math::max);
        }
      } catch (AdminRefusal e) {
        faults.add(line.key() + ": " + e.getMessage());
      }
    }
    if (!faults.isEmpty()) {
      String first = faults.subList(0, Math.min(MOST_FAULTS, faults.size())).toString();
      throw new AdminRefusal(400, "BAD_FIELD", "nothing was taken over: " + first);
    }
    List<OnServer> elsewhere = everywhere ? raiseOnOthers(present) : List.of();
    List<CompletableFuture<Boolean>> raises = new ArrayList<>();
    for (Map.Entry<CounterKey, Long> each : present.entrySet()) {
      raises.add(raise(each.getKey(), each.getValue()).toCompletableFuture());
    }
    int leftOut = earlier;
    return CompletableFuture.allOf(raises.toArray(CompletableFuture[]::new))
        .thenApply(
            all -> {
              int raised = (int) raises.stream().filter(CompletableFuture::join).count();
              return new Imported(raised, raises.size() - raised, leftOut, elsewhere);
            });
  }

  /** Whether its rule has begun a new period since then. */
  private boolean isEarlier(CounterImport.Line line) throws AdminRefusal {
    if (line.epochSecond().isEmpty()) {
      return false;
    }
    Numbering numbering = ruleOf(line.key()).numbering();
    Period period = numbering.period();
    Moment now = clock.now().in(numbering.zone());
    // another system's clock may be ahead
    long second = Math.min(line.epochSecond().getAsLong(), now.epochSecond());
    LocalDateTime then =
        LocalDateTime.ofInstant(Instant.ofEpochSecond(second), numbering.zone().orElse(zone));
    return period.startOf(then) < period.startOf(now.local());
  }

  private List<OnServer> raiseOnOthers(Map<CounterKey, Long> numbers) throws AdminRefusal {
    List<OtherServers.Floor> floors = new ArrayList<>();
    boolean several = false;
    for (Map.Entry<CounterKey, Long> each : numbers.entrySet()) {
      Numbering numbering = ruleOf(each.getKey()).numbering();
      several = numbering.range().step() > 1;
      Counter known = counters.find(each.getKey());
      long period =
          known == null
              ? numbering.period().startOf(clock.now().in(numbering.zone()).local())
              : Raise.presentPeriod(known, numbering, clock);
      floors.add(
          new OtherServers.Floor(
              each.getKey(), period, numbering.period().endOf(period), each.getValue()));
    }
    if (several && others.isEmpty()) {
      throw AdminRefusal.badField(
          "servers", "each server has a database of its own: ask each of them itself");
    }
    if (others.isPresent() && others.get().rowsFor(floors.size()) > MOST_ROWS) {
      throw AdminRefusal.badField(
          "servers",
          "these would be "
              + others.get().rowsFor(floors.size())
              + " rows, as id_step leaves room for so many servers; ask each of them itself");
    }
    List<OtherServers.Outcome> outcomes =
        others.isEmpty() ? List.of() : raise(others.get(), floors);
    List<String> refused =
        outcomes.stream()
            .filter(outcome -> outcome.refused() > 0)
            .map(
                outcome ->
                    "id_offset "
                        + outcome.nodeOffset()
                        + ": "
                        + outcome.refused()
                        + " counters, such as "
                        + outcome.example())
            .toList();
    if (!refused.isEmpty()) {
      throw new AdminRefusal(
          409,
          "COUNTER_IN_USE",
          "servers that have used a counter may have such numbers in hand; ask each of them itself,"
              + " without servers=all. "
              + refused);
    }
    return outcomes.stream()
        .map(outcome -> new OnServer(outcome.nodeOffset(), outcome.raised(), outcome.there()))
        .toList();
  }

  private static List<OtherServers.Outcome> raise(
      OtherServers others, List<OtherServers.Floor> floors) throws AdminRefusal {
    try {
      return others.raise(floors);
    } catch (ConflictException e) {
      throw new AdminRefusal(
          409,
          "COUNTER_IN_USE",
          "another server has reserved numbers of one of these counters meanwhile: ask again");
    } catch (StoreException e) {
      throw new AdminRefusal(
          503,
          "STORAGE_UNAVAILABLE",
          "the database does not answer; some may have been raised, so ask again: "
              + e.getMessage());
    }
  }

  /**
   * What came of an import. Immutable.
   *
   * @param raised counters of this server that go on above what they were
   * @param there those that had been there already
   * @param earlier lines of a period that is over, which were left out
   * @param others the same on each of the other servers, where they were asked for
   */
  public record Imported(int raised, int there, int earlier, List<OnServer> others) {
    public Imported {
      others = List.copyOf(others);
    }
  }

  /** What came of an import on another server. Immutable. */
  public record OnServer(int nodeOffset, int raised, int there) {}

  /**
   * Tries a rule; touches no counter.
   *
   * @param name of a rule that is served; or of one that is going to be, with its {@code text}
   * @param text what its file is going to say; null for what is served
   * @param at the moment to begin with on the rule's clock; null for now
   */
  Experiment tryRule(
      String name,
      @Nullable String text,
      @Nullable LocalDateTime at,
      OptionalLong number,
      String salt)
      throws AdminRefusal {
    Rule served = rules.current().find(name);
    if (served == null && text == null) {
      throw new AdminRefusal(
          404, "UNKNOWN_RULE", "no such rule in Lua: " + name + "; send its text to try a new one");
    }
    RuleSource source =
        served == null ? new RuleSource(name, name + ".lua", 1) : served.configured();
    String lua = text == null && served != null ? served.text() : String.valueOf(text);
    return loader.experiment(source, lua, Optional.ofNullable(at), number, salt);
  }

  /** What a reload would change and what stands against it. */
  Pending pending() {
    long version = rules.getVersion();
    try {
      return new Pending(version, rules.pending(), List.of());
    } catch (RuleFaults e) {
      return new Pending(version, List.of(), e.faults());
    }
  }

  /** What a reload would change. Immutable. */
  public record Pending(long version, List<RuleChange> changes, List<String> faults) {
    public Pending {
      changes = List.copyOf(changes);
      faults = List.copyOf(faults);
    }
  }
}
