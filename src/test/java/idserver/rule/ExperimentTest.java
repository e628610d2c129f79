package idserver.rule;

import static org.assertj.core.api.Assertions.assertThat;

import idserver.counter.SteadyClock;
import idserver.rule.Experiment.Case;
import idserver.rule.Experiment.Why;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ExperimentTest {
  private static final LocalDateTime AT = LocalDateTime.of(2026, 11, 22, 10, 30);
  private static final RuleSource RULE = new RuleSource("order", "order.lua", 100);
  private static final String DAILY =
      """
      function min_counter() return 0 end
      function max_counter() return 999 end
      function reset_period() return "day" end
      function create_id(counter, now, salt)
        return string.format("%04d%02d%02d-%03d%s", now:year(), now:month(), now:day(),
          counter:generate_counter(), salt)
      end
      """;

  private final RuleLoader loader =
      new RuleLoader(
          Path.of("nowhere"), 3, 1, new SteadyClock(System::currentTimeMillis, ZoneOffset.UTC));

  private Experiment of(String text, OptionalLong number) {
    return loader.experiment(RULE, text, Optional.of(AT), number, "");
  }

  private static String id(Experiment experiment, Why why) {
    return experiment.cases().stream()
        .filter(each -> each.why() == why)
        .findFirst()
        .flatMap(Case::id)
        .orElseThrow();
  }

  @Test
  void showsTheTurnOfTheFiscalYear() {
    String fiscal =
        DAILY.replace("\"day\"", "\"fiscal_year\"").replace("now:year()", "now:fiscal_year()")
            + "function fiscal_year_start() return '04-01' end";

    Experiment experiment = of(fiscal, OptionalLong.of(418));

    assertThat(id(experiment, Why.FISCAL_YEAR_END)).isEqualTo("20270331-418");
    assertThat(id(experiment, Why.FISCAL_YEAR_BEGIN)).isEqualTo("20280401-418");
    assertThat(id(experiment, Why.CHOSEN)).isEqualTo("20271122-418");
  }

  @Test
  void showsTheIdsAtTheTurnsOfTheCalendar() {
    Experiment experiment = of(DAILY, OptionalLong.of(418));

    assertThat(id(experiment, Why.CHOSEN)).isEqualTo("20261122-418");
    assertThat(id(experiment, Why.MIDNIGHT_BEFORE)).isEqualTo("20261122-418");
    assertThat(id(experiment, Why.MIDNIGHT)).isEqualTo("20261123-418");
    assertThat(id(experiment, Why.MONTH_END)).isEqualTo("20261130-418");
    assertThat(id(experiment, Why.MONTH_BEGIN)).isEqualTo("20261201-418");
    assertThat(id(experiment, Why.YEAR_END)).isEqualTo("20261231-418");
    assertThat(id(experiment, Why.YEAR_BEGIN)).isEqualTo("20270101-418");
    assertThat(experiment.fault()).isEmpty();
    assertThat(experiment.lint()).isEmpty();
  }

  @Test
  void beginsWithThisServersFirstNumberAndShowsItsLast() {
    Experiment experiment = of(DAILY, OptionalLong.empty());

    assertThat(id(experiment, Why.CHOSEN)).isEqualTo("20261122-001");
    assertThat(id(experiment, Why.MAXIMUM)).isEqualTo("20261122-997");
  }

  @Test
  void showsANumberOfEachServer() {
    List<Case> servers =
        of(DAILY, OptionalLong.empty()).cases().stream()
            .filter(each -> each.why() == Why.SERVER)
            .toList();

    assertThat(servers).extracting(Case::nodeOffset).containsExactly(0L, 1L, 2L);
    assertThat(servers)
        .extracting(each -> each.id().orElseThrow())
        .containsExactly("20261122-000", "20261122-001", "20261122-002");
  }

  @Test
  void tellsTheLintsVerdict() {
    Experiment experiment = of(DAILY.replace("now:day()", "1"), OptionalLong.empty());

    assertThat(experiment.lint())
        .extracting(Collision::kind)
        .contains(Collision.Kind.PERIOD_NOT_SHOWN);
    assertThat(experiment.cases()).isNotEmpty();
  }

  @Test
  void tellsWhyARuleCannotBeLoaded() {
    Experiment experiment = of("function min_counter( return 1 end", OptionalLong.empty());

    assertThat(experiment.fault())
        .hasValueSatisfying(fault -> assertThat(fault).contains("order.lua"));
    assertThat(experiment.cases()).isEmpty();
  }

  @Test
  void tellsWhyThereIsNoId() {
    Experiment experiment =
        of(DAILY.replace("counter:generate_counter()", "nothing()"), OptionalLong.empty());

    assertThat(experiment.cases())
        .allSatisfy(each -> assertThat(each.fault()).isPresent())
        .allSatisfy(each -> assertThat(each.id()).isEmpty());
  }

  @Test
  void aNumberAboveTheMaximumMakesNoId() {
    Experiment experiment = of(DAILY, OptionalLong.of(1000));

    assertThat(experiment.cases().get(0).fault())
        .hasValueSatisfying(fault -> assertThat(fault).contains("max_counter"));
  }
}
