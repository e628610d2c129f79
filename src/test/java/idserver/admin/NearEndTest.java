package idserver.admin;

import static org.assertj.core.api.Assertions.assertThat;

import idserver.counter.CounterKey;
import idserver.counter.Counters;
import idserver.counter.SteadyClock;
import idserver.issue.IdIssuer;
import idserver.issue.IdRequest;
import idserver.issue.Receiver;
import idserver.issue.Refusal;
import idserver.reserve.InMemoryBlockStore;
import idserver.reserve.InMemoryBlockStore.Outcome;
import idserver.reserve.Reservations;
import idserver.rule.Ids;
import idserver.rule.RuleFaults;
import idserver.rule.RuleLoader;
import idserver.rule.RuleSource;
import idserver.rule.Rules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NearEndTest {
  private static final RuleSource NINETY = new RuleSource("order", "order.lua", 10);
  private static final RuleSource HALF =
      new RuleSource("order", "order.lua", 10, false, Optional.empty(), 0.5);

  @TempDir Path directory;

  private final AtomicLong wallMs =
      new AtomicLong(Instant.parse("2026-11-22T12:00:00Z").toEpochMilli());
  private final SteadyClock clock =
      new SteadyClock(wallMs::get, () -> wallMs.get() * 1_000_000, ZoneOffset.UTC);
  private final List<String> lines = new ArrayList<>();
  private Rules rules;
  private Counters counters;
  private IdIssuer issuer;
  private NearEnd nearEnd;

  @BeforeEach
  void serve() throws Exception {
    write(100);
    rules = Rules.load(new RuleLoader(directory, 1, 0, clock), List.of(NINETY));
    InMemoryBlockStore store =
        new InMemoryBlockStore(new InMemoryBlockStore.Storage(), 0, () -> Outcome.WORKS);
    Reservations reservations = new Reservations(store, clock, 1, 1000, writer -> writer.drain());
    counters = new Counters(clock, reservations, 1000, 1000);
    issuer = new IdIssuer(rules, counters, clock, (key, found, failed) -> false, 0);
    issuer.open();
    nearEnd =
        new NearEnd(rules::current, counters, clock, () -> wallMs.get() * 1_000_000, lines::add);
  }

  private void write(int max) throws IOException {
    Files.writeString(
        directory.resolve("order.lua"),
        """
        function min_counter() return 1 end
        function max_counter() return %d end
        function reset_period() return "day" end
        function create_id(counter, now, salt)
          return string.format("%%04d%%02d%%02d%%03d", now:year(), now:month(), now:day(),
            counter:generate_counter())
        end
        """
            .formatted(max));
  }

  private void draw(String app, int count) {
    int[] issued = {0};
    issuer.issue(
        new IdRequest(new CounterKey("order", app), "", count, 1_000_000_000),
        new Receiver() {
          @Override
          public void issued(Ids ids) {
            issued[0] = ids.size();
          }

          @Override
          public void refused(Refusal refusal) {}
        });
    assertThat(issued[0]).isEqualTo(count);
  }

  private void pass(Duration time) {
    wallMs.addAndGet(time.toMillis());
  }

  private long flagged() {
    return RuleUsage.of(rules.current(), counters, clock.now()).get(0).nearEnd();
  }

  @Test
  void aCounterIsToldOnceWhenItPassesItsShare() {
    draw("shop", 89);
    nearEnd.look();
    assertThat(lines).isEmpty();
    assertThat(flagged()).isZero();

    draw("shop", 1);
    nearEnd.look();
    draw("shop", 5);
    nearEnd.look();

    assertThat(lines)
        .containsExactly(
            "The counter of shop in rule order has used 90.0 % of its range, which ends at"
                + " max_counter 100. Raise max_counter of order.lua, which may make its ids longer,"
                + " and reload, unless it is enough until the counter starts again (day).");
    assertThat(flagged()).isEqualTo(1);
  }

  @Test
  void theNextPeriodIsToldAnew() {
    draw("shop", 95);
    nearEnd.look();
    pass(Duration.ofHours(12));
    nearEnd.look();
    assertThat(flagged()).isZero();
    draw("shop", 95);
    nearEnd.look();

    assertThat(lines).hasSize(2);
  }

  @Test
  void aRuleHasAShareOfItsOwn() throws RuleFaults {
    rules.reload(List.of(HALF));
    draw("shop", 50);
    nearEnd.look();

    assertThat(lines).hasSize(1);
    assertThat(flagged()).isEqualTo(1);
  }

  @Test
  void oneThatIsUsedUpIsToldAndCounted() {
    draw("shop", 100);
    nearEnd.look();

    assertThat(lines.get(0)).contains("has used 100.0 % of its range");
    assertThat(flagged()).isEqualTo(1);
  }

  @Test
  void ofManyTheFirstAreNamedAndTheOthersCounted() {
    for (int shop = 0; shop < 100; shop++) {
      draw("shop " + shop, 95);
    }
    nearEnd.look();

    assertThat(lines).hasSize(6);
    assertThat(lines.subList(0, 5)).allMatch(line -> line.startsWith("The counter of shop "));
    assertThat(lines.get(5))
        .startsWith(
            "95 more counters of rule order have used 90.0 % of their range or more (warn_share);"
                + " the console lists them. Raise max_counter of order.lua");
  }

  @Test
  void thoseThatFollowAreToldTogetherAfterAWhile() {
    for (int shop = 0; shop < 10; shop++) {
      draw("shop " + shop, 95);
    }
    nearEnd.look();
    lines.clear();
    draw("another", 95);
    nearEnd.look();
    assertThat(lines).isEmpty();

    pass(Duration.ofMinutes(10));
    draw("one more", 95);
    nearEnd.look();
    assertThat(lines).singleElement().asString().startsWith("2 more counters of rule order");

    pass(Duration.ofHours(1));
    draw("the next", 95);
    nearEnd.look();
    assertThat(lines).hasSize(2);
    assertThat(lines.get(1)).startsWith("The counter of the next in rule order");
  }
}
