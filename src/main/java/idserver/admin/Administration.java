package idserver.admin;

import idserver.counter.Counter;
import idserver.counter.CounterKey;
import idserver.counter.Counters;
import idserver.counter.NumberRange;
import idserver.counter.SteadyClock;
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
import idserver.store.StoredCounter;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

  private final int nodeOffset;
  private final ZoneId zone;
  private final RulesAdmin rules;
  private final RuleLoader loader;
  private final SteadyClock clock;
  private final Counters counters;
  private final CounterRegister register;
  private final Nodes nodes;
  private final BlockLog blocks;

  /**
   * @param nodeOffset {@code id_offset} of this server
   * @param zone the zone whose dates the ids carry
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
      BlockLog blocks) {
    this.nodeOffset = nodeOffset;
    this.zone = zone;
    this.rules = rules;
    this.loader = loader;
    this.clock = clock;
    this.counters = counters;
    this.register = register;
    this.nodes = nodes;
    this.blocks = blocks;
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

  /**
   * Has a counter of this server go on above {@code to} in the present period. Completes when that
   * is durable.
   *
   * @return whether it changed anything: false when it was there already
   */
  CompletionStage<Boolean> raise(CounterKey key, long to) throws AdminRefusal {
    Rule rule = raisable(key, to);
    Counter counter = counters.get(key);
    if (counter == null) {
      throw new AdminRefusal(429, "TOO_MANY", "too many app_names in use (max_counters)");
    }
    return new Raise(counter, rule.numbering(), clock, to, RAISE_NANOS).begin();
  }

  /** The rule of a counter that can be raised so far. */
  private Rule raisable(CounterKey key, long to) throws AdminRefusal {
    Rule rule = rules.current().find(key.rule());
    if (rule == null) {
      throw new AdminRefusal(404, "UNKNOWN_RULE", "no such rule with counters: " + key.rule());
    }
    NumberRange range = rule.numbering().range();
    if (to < range.min() || to > range.max()) {
      throw AdminRefusal.badField(
          "to", "must be a number from " + range.min() + " to " + range.max());
    }
    if (range.firstAbove(to) == NumberRange.NONE) {
      throw new AdminRefusal(
          409, "EXHAUSTED", "no number of this server is above " + to + " in this period");
    }
    return rule;
  }

  /**
   * Has all these counters go on above their numbers, as {@link #raise}; none of them where one
   * cannot be raised. Completes when all of it is durable.
   */
  CompletionStage<Imported> take(CounterImport numbers) throws AdminRefusal {
    List<String> faults = new ArrayList<>(numbers.faults());
    numbers
        .numbers()
        .forEach(
            (key, to) -> {
              try {
                raisable(key, to);
              } catch (AdminRefusal e) {
                faults.add(key + ": " + e.getMessage());
              }
            });
    if (!faults.isEmpty()) {
      String first = faults.subList(0, Math.min(MOST_FAULTS, faults.size())).toString();
      throw new AdminRefusal(400, "BAD_FIELD", "nothing was taken over: " + first);
    }
    List<CompletableFuture<Boolean>> raises = new ArrayList<>();
    for (Map.Entry<CounterKey, Long> each : numbers.numbers().entrySet()) {
      raises.add(raise(each.getKey(), each.getValue()).toCompletableFuture());
    }
    return CompletableFuture.allOf(raises.toArray(CompletableFuture[]::new))
        .thenApply(
            all -> {
              int raised = (int) raises.stream().filter(CompletableFuture::join).count();
              return new Imported(raised, raises.size() - raised);
            });
  }

  /** How many counters were raised, and how many had been there already. Immutable. */
  public record Imported(int raised, int there) {}

  /**
   * Tries a rule; touches no counter.
   *
   * @param name of a rule that is served; or of one that is going to be, with its {@code text}
   * @param text what its file is going to say; null for what is served
   * @param at the moment to begin with on the local clock; null for now
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
    return loader.experiment(source, lua, at == null ? clock.now().local() : at, number, salt);
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
