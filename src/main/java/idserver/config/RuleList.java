package idserver.config;

import idserver.rule.RuleSource;
import idserver.rule.TimeRule;
import idserver.timeid.TimeIdFormat;
import idserver.timeid.TimeIdLayout;
import idserver.timeid.TimeIdSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The member {@code rules}: rules in Lua and rules of type {@code time}. Confined to one thread.
 */
final class RuleList {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
  static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]*");
  private static final String INTERLEAVED = "interleaved";
  private static final String GAP_FREE = "gap_free";
  private static final String STRICT = "strict";
  private static final List<String> ALLOCATIONS = List.of(INTERLEAVED, "shared", GAP_FREE, STRICT);
  private static final int USUAL_CONFIRM_S = 300;

  /** A week. */
  private static final int LONGEST_CONFIRM_S = 604_800;

  private static final String LAYOUTS =
      Arrays.stream(TimeIdLayout.values())
          .map(layout -> layout.name().toLowerCase(Locale.ROOT))
          .collect(Collectors.joining(", "));

  private final Path directory;
  private final int node;
  private final int nodes;
  private final boolean embedded;
  private final Set<String> names = new HashSet<>();
  private final List<RuleSource> lua = new ArrayList<>();
  private final List<TimeRule> time = new ArrayList<>();

  /**
   * @param directory where the Lua files are
   * @param node {@code id_offset}
   * @param nodes {@code id_step}
   * @param embedded whether each server has a database of its own
   */
  RuleList(Path directory, int node, int nodes, boolean embedded) {
    this.directory = directory;
    this.node = node;
    this.nodes = nodes;
    this.embedded = embedded;
  }

  void read(List<Members> rules) {
    for (Members rule : rules) {
      read(rule);
      rule.refuseUnknown();
    }
  }

  List<RuleSource> lua() {
    return lua;
  }

  List<TimeRule> time() {
    return time;
  }

  private void read(Members rule) {
    String name = rule.text("name", null);
    rule.belongsTo("rule " + name);
    if (!name.isEmpty() && !NAME.matcher(name).matches()) {
      rule.faultOf("name", "must be 1 to 64 letters, digits, '_', '-' and '.'");
    }
    if (!name.isEmpty() && !names.add(name)) {
      rule.faultOf("name", "is the name of an earlier rule as well");
    }
    String type = rule.text("type", "lua");
    Optional<TimeIdSettings> timeIds = timeIds(rule);
    if (type.equals("time")) {
      if (timeIds.isEmpty()) {
        rule.faultOf(
            "type",
            "needs an id_step of at most " + TimeIdFormat.MAX_NODES + ", which is " + nodes);
      }
      timeIds.ifPresent(settings -> time.add(new TimeRule(name, settings)));
      return;
    }
    if (!type.equals("lua")) {
      rule.faultOf("type", "must be lua or time");
    }
    String allocation = allocation(rule);
    lua.add(
        new RuleSource(
            name,
            luaFile(rule),
            rule.number("batch_save", 100, 1, 1_000_000),
            !allocation.equals(INTERLEAVED),
            timeIds,
            rule.share("warn_share", RuleSource.USUAL_WARN_SHARE),
            confirmSeconds(rule, allocation),
            allocation.equals(STRICT)));
  }

  private String allocation(Members rule) {
    String allocation = rule.text("allocation", INTERLEAVED);
    if (!ALLOCATIONS.contains(allocation)) {
      rule.faultOf("allocation", "must be " + String.join(" or ", ALLOCATIONS));
      return INTERLEAVED;
    }
    if (!allocation.equals(INTERLEAVED) && embedded && nodes > 1) {
      rule.faultOf(
          "allocation",
          allocation
              + " needs a database that all servers are on: give the configuration a \"database\"");
    }
    return allocation;
  }

  /** How long a number is held; empty where numbers are not confirmed. */
  private static OptionalInt confirmSeconds(Members rule, String allocation) {
    if (!allocation.equals(GAP_FREE)) {
      if (rule.has("confirm_seconds")) {
        rule.faultOf("confirm_seconds", "is for rules with \"allocation\": \"gap_free\" alone");
      }
      return OptionalInt.empty();
    }
    return OptionalInt.of(rule.number("confirm_seconds", USUAL_CONFIRM_S, 1, LONGEST_CONFIRM_S));
  }

  private String luaFile(Members rule) {
    String file = rule.text("lua_file", null);
    if (!file.isEmpty() && !FILE_NAME.matcher(file).matches()) {
      rule.faultOf("lua_file", "must be the name of a file in the rules directory");
    } else if (!file.isEmpty() && !Files.isRegularFile(directory.resolve(file))) {
      rule.faultOf("lua_file", "there is no such file in " + directory);
    }
    return file;
  }

  /**
   * How the rule's time ids are made; empty when there are more servers than an id can tell apart.
   */
  private Optional<TimeIdSettings> timeIds(Members rule) {
    TimeIdLayout layout = layout(rule);
    long epochMs = epochMs(rule);
    if (nodes > TimeIdFormat.MAX_NODES) {
      return Optional.empty();
    }
    // the other layouts have room for all the nodes there can be, and none has to know how many
    int among = layout == TimeIdLayout.ORDERED ? nodes : TimeIdFormat.MAX_NODES;
    return Optional.of(TimeIdSettings.of(new TimeIdFormat(layout, epochMs, node, among)));
  }

  private static TimeIdLayout layout(Members rule) {
    String name = rule.text("layout", "classic");
    for (TimeIdLayout layout : TimeIdLayout.values()) {
      if (layout.name().toLowerCase(Locale.ROOT).equals(name)) {
        return layout;
      }
    }
    rule.faultOf("layout", "must be one of " + LAYOUTS);
    return TimeIdLayout.CLASSIC;
  }

  private static long epochMs(Members rule) {
    if (!rule.has("epoch")) {
      return TimeIdFormat.DEFAULT_EPOCH_MS;
    }
    long epochMs = parseEpoch(rule.text("epoch", null));
    if (epochMs >= 0 && epochMs < System.currentTimeMillis()) {
      return epochMs;
    }
    rule.faultOf(
        "epoch", "must be a day in the past, from 1970-01-01, such as \"2026-01-01\" (UTC)");
    return TimeIdFormat.DEFAULT_EPOCH_MS;
  }

  /** Milliseconds since 1970-01-01T00:00Z, or -1 for what is no date. */
  private static long parseEpoch(String epoch) {
    try {
      return epoch.contains("T")
          ? Instant.parse(epoch).toEpochMilli()
          : LocalDate.parse(epoch).atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
    } catch (DateTimeException | ArithmeticException e) {
      return -1;
    }
  }
}
