package idserver.issue;

import idserver.counter.CounterKey;
import idserver.counter.Counters;
import idserver.counter.SteadyClock;
import idserver.reserve.BlockStore;
import idserver.reserve.CounterState;
import idserver.reserve.Reservations;
import idserver.rule.RuleFaults;
import idserver.rule.RuleLoader;
import idserver.rule.RuleSource;
import idserver.rule.Rules;
import idserver.rule.TimeRule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** A server without transports, on a clock and a writer that the test drives. */
final class TestServer {
  static final int STEP = 4;
  static final int OFFSET = 1;
  static final long PATIENCE_NANOS = 50_000_000;
  private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");
  private static final int QUEUE_SIZE = 1_000;
  private static final int MAX_COUNTERS = 20;
  static final int MAX_COUNTERS_PER_NETWORK = 12;

  private final AtomicLong wallMs = new AtomicLong();
  final Rules rules;
  final Counters counters;
  final Reservations reservations;
  final IdIssuer issuer;

  TestServer(
      Path directory,
      BlockStore store,
      Consumer<Reservations> startWriter,
      List<RuleSource> sources)
      throws RuleFaults {
    this(directory, store, startWriter, sources, List.of(), TimeIdSource.NONE);
  }

  TestServer(
      Path directory,
      BlockStore store,
      Consumer<Reservations> startWriter,
      List<RuleSource> sources,
      List<TimeRule> timeRules,
      TimeIdSource timeIds)
      throws RuleFaults {
    setTime("2015-05-14T12:00:00");
    SteadyClock clock = new SteadyClock(wallMs::get, () -> wallMs.get() * 1_000_000, ZONE);
    rules = Rules.load(new RuleLoader(directory, STEP, OFFSET, clock), sources, timeRules);
    reservations = new Reservations(store, clock, 2, QUEUE_SIZE, startWriter);
    counters = new Counters(clock, reservations, MAX_COUNTERS, QUEUE_SIZE);
    NewNames newNames = new NewNames(MAX_COUNTERS_PER_NETWORK, 42);
    RepetitionSettings repetitions = RepetitionSettings.DEFAULT;
    issuer =
        new IdIssuer(rules, counters, clock, this::find, timeIds, newNames, repetitions, OFFSET);
    issuer.open();
  }

  private boolean find(CounterKey key, Consumer<OptionalLong> found, Runnable failed) {
    return reservations.find(
        key,
        state ->
            found.accept(
                state
                    .map(CounterState::reserved)
                    .map(OptionalLong::of)
                    .orElse(OptionalLong.empty())),
        failed);
  }

  void setTime(String local) {
    wallMs.set(LocalDateTime.parse(local).atZone(ZONE).toInstant().toEpochMilli());
  }

  Answer issue(String rule, String app, int count) {
    return issue(rule, app, count, new Answer());
  }

  Answer issue(String rule, String app, int count, Answer answer) {
    issuer.issue(new IdRequest(new CounterKey(rule, app), "salt", count, PATIENCE_NANOS), answer);
    return answer;
  }

  Answer monitor(String rule, String app) {
    Answer answer = new Answer();
    issuer.monitor(new CounterKey(rule, app), answer);
    return answer;
  }

  /** Does what a writer's thread would do. */
  void write() {
    reservations.drain();
  }

  static void writeRule(Path directory, String file, long max, String period, String createId) {
    String text =
        """
        function min_counter() return 0 end
        function max_counter() return %d end
        function reset_seconds() return 86400 end
        %s
        function create_id(counter, now, salt)
          %s
        end
        """;
    String resetPeriod =
        period.isEmpty() ? "" : "function reset_period() return \"" + period + "\" end";
    try {
      Path written = Files.createTempFile(directory, file, ".new");
      Files.writeString(written, text.formatted(max, resetPeriod, createId));
      Files.move(
          written,
          directory.resolve(file),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
