package idserver.admin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import idserver.admin.CounterImport.Line;
import idserver.counter.CounterKey;
import java.io.ByteArrayInputStream;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CounterImportTest {
  private static CounterImport read(String text) throws AdminRefusal {
    return CounterImport.read(new ByteArrayInputStream(text.getBytes(UTF_8)));
  }

  @Test
  void readsALineForEachCounterWithItsTimeWhereThatIsKnown() throws Exception {
    CounterImport read =
        read(
            "o2o\tshop 1\t41\n\no2o\tshop\\1\t7\t1763856000\r\ntask\tÄ/ö\t9223372036854775807\t0\n");

    assertThat(read.faults()).isEmpty();
    assertThat(read.lines())
        .containsExactly(
            new Line(new CounterKey("o2o", "shop 1"), 41, OptionalLong.empty()),
            new Line(new CounterKey("o2o", "shop\\1"), 7, OptionalLong.of(1_763_856_000)),
            new Line(new CounterKey("task", "Ä/ö"), Long.MAX_VALUE, OptionalLong.of(0)));
  }

  @ParameterizedTest
  @CsvSource({
    "o2o|a,              columns",
    "o2o|a|1|2|3,        columns",
    "o2o|a|1|x,          time",
    "o2o|a|1|-1,         time",
    "|a|1,               rule",
    "o2o||1,             app_name",
    "o2o|a|x,            number",
    "o2o|a|1.5,          number",
    "o2o|a|99999999999999999999, number",
  })
  void tellsALineThatItCannotTakeAndWhichItIs(String line, String named) throws Exception {
    CounterImport read = read("o2o\tfirst\t1\n" + line.replace('|', '\t') + "\n");

    assertThat(read.faults()).hasSize(1);
    assertThat(read.faults().get(0)).startsWith("line 2: ").contains(named);
  }

  @Test
  void tellsNoMoreFaultsThanOneReads() throws Exception {
    assertThat(read("nonsense\n".repeat(1000)).faults()).hasSize(20);
  }

  @Test
  void refusesWhatIsNotUtf8OrTooLong() {
    byte[] latin = "o2o\t\u00e4\t1\n".getBytes(ISO_8859_1);
    assertThatThrownBy(() -> CounterImport.read(new ByteArrayInputStream(latin)))
        .isInstanceOf(AdminRefusal.class)
        .hasMessageContaining("UTF-8");
    assertThatThrownBy(() -> read("x".repeat(8 * 1024 * 1024 + 1)))
        .isInstanceOf(AdminRefusal.class)
        .hasMessageContaining("in parts");
  }
}
