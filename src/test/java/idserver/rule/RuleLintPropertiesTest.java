package idserver.rule;

import static org.assertj.core.api.Assertions.assertThat;

import idserver.counter.Period;
import idserver.counter.SteadyClock;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random rules, small enough to make all their ids of two years and see whether one comes twice.
 */
class RuleLintPropertiesTest {
  private static final int RULES = 60;
  private static final LocalDate FIRST_DAY = LocalDate.of(2026, 1, 1);
  private static final LocalDate END = LocalDate.of(2028, 1, 1);
  private static final SteadyClock CLOCK =
      new SteadyClock(
          () -> FIRST_DAY.atStartOfDay().toInstant(ZoneOffset.UTC).toEpochMilli(), ZoneOffset.UTC);

  /** A part of an id: the same in Lua and in Java. */
  private record Part(Field field, int cut, int divisor, int width) {
    enum Field {
      YEAR("now:year()"),
      MONTH("now:month()"),
      DAY("now:day()"),
      COUNTER("seq");

      private final String lua;

      Field(String lua) {
        this.lua = lua;
      }
    }

    String lua() {
      return "string.format('%0"
          + width
          + "d', math.floor("
          + field.lua
          + " / "
          + divisor
          + ") % "
          + cut
          + ")";
    }

    String text(LocalDate day, int number) {
      int value =
          switch (field) {
            case YEAR -> day.getYear();
            case MONTH -> day.getMonthValue();
            case DAY -> day.getDayOfMonth();
            case COUNTER -> number;
          };
      return String.format("%0" + width + "d", value / divisor % cut);
    }
  }

  /** A rule, and what a model of it says. */
  private record RandomRule(
      int min, int max, int step, String period, List<Part> parts, String separator) {

    static RandomRule of(Random random) {
      int min = random.nextInt(3) == 0 ? random.nextInt(120) : random.nextInt(2);
      int max = min + 3 + random.nextInt(random.nextBoolean() ? 12 : 140);
      String[] periods = {"day", "week", "month", "quarter", "year", "never"};
      List<Part> parts = new ArrayList<>();
      parts.add(counter(random));
      for (Part.Field field : List.of(Part.Field.YEAR, Part.Field.MONTH, Part.Field.DAY)) {
        if (random.nextInt(6) > 0) {
          int cut = field == Part.Field.YEAR && random.nextBoolean() ? 10 : 10_000;
          parts.add(new Part(field, cut, 1, random.nextInt(3) == 0 ? 1 : 2));
        }
      }
      Collections.shuffle(parts, random);
      return new RandomRule(
          min,
          max,
          1 + random.nextInt(3),
          periods[random.nextInt(periods.length)],
          parts,
          random.nextInt(3) == 0 ? "-" : "");
    }

    private static Part counter(Random random) {
      int width = 1 + random.nextInt(3);
      return switch (random.nextInt(6)) {
        case 0 -> new Part(Part.Field.COUNTER, 10 + random.nextInt(90), 1, width);
        case 1 -> new Part(Part.Field.COUNTER, 10_000, 2 + random.nextInt(3), width);
        default -> new Part(Part.Field.COUNTER, 10_000, 1, width);
      };
    }

    String lua() {
      return """
          function min_counter() return %d end
          function max_counter() return %d end
          function reset_period() return "%s" end
          function create_id(counter, now, salt)
            local seq = counter:generate_counter()
            return %s
          end
          """
          .formatted(
              min,
              max,
              period,
              String.join(" .. '" + separator + "' .. ", parts.stream().map(Part::lua).toList()));
    }

    /** Whether one id comes of two numbers of a period, or of two periods. */
    boolean isUnique() {
      Map<String, String> origins = new HashMap<>();
      for (LocalDate day = FIRST_DAY; day.isBefore(END); day = day.plusDays(1)) {
        LocalDateTime at = day.atStartOfDay();
        for (int number = min; number <= max; number++) {
          String origin = origin(at, number);
          if (!origins.computeIfAbsent(id(day, number), id -> origin).equals(origin)) {
            return false;
          }
        }
      }
      return true;
    }

    /** Whether both examples are what this rule makes, of other numbers or in other periods. */
    boolean canGiveTwice(Collision collision) {
      return isMade(collision.first())
          && isMade(collision.second())
          && collision.first().id().equals(collision.second().id())
          && !origin(collision.first()).equals(origin(collision.second()));
    }

    private boolean isMade(Sample sample) {
      int number = Math.toIntExact(sample.counters().get(0));
      return number >= min
          && number <= max
          && id(sample.at().toLocalDate(), number).equals(sample.id());
    }

    private String origin(Sample sample) {
      return origin(sample.at(), sample.counters().get(0));
    }

    private String origin(LocalDateTime at, long number) {
      return Period.named(period).orElseThrow().startOf(at) + " " + number;
    }

    private String id(LocalDate day, int number) {
      List<String> texts = new ArrayList<>();
      for (Part part : parts) {
        texts.add(part.text(day, number));
      }
      return String.join(separator, texts);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void refusesRulesOfWhichAnIdComesTwiceAndNoOthers(long seed) throws RuleException {
    Random random = new Random(seed);
    int refused = 0;
    for (int i = 0; i < RULES; i++) {
      RandomRule rule = RandomRule.of(random);
      RuleLoader loader = new RuleLoader(Path.of("."), rule.step(), 0, CLOCK);

      List<Collision> collisions = loader.lint(new RuleSource("r", "r.lua", 10), rule.lua());

      if (!rule.isUnique()) {
        assertThat(collisions).as("%s", rule).isNotEmpty();
      }
      for (Collision collision : collisions) {
        assertThat(rule.canGiveTwice(collision)).as("%s %s", rule, collision.message()).isTrue();
      }
      refused += collisions.isEmpty() ? 0 : 1;
    }
    assertThat(refused).as("refused").isBetween(RULES / 10, RULES * 9 / 10);
  }
}
