package idserver.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import idserver.counter.Moment;
import idserver.counter.SteadyClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules that come with the product, as they are in {@code rules}. */
class RulesFolderTest {
  private static final Path FOLDER = Path.of("rules");
  private static final String README = "README.md";
  private static final LocalDateTime NOW = LocalDateTime.of(2026, 11, 22, 8, 0);
  private static final SteadyClock CLOCK =
      new SteadyClock(() -> NOW.toInstant(ZoneOffset.UTC).toEpochMilli(), ZoneOffset.UTC);

  @TempDir Path copies;

  private static Rule load(Path folder, String file) throws RuleException {
    return new RuleLoader(folder, 1, 0, CLOCK).load(new RuleSource("rule", file, 100));
  }

  private static List<String> ids(Rule rule, int count) throws RuleException {
    long[] next = {rule.numbering().range().first()};
    Moment now = CLOCK.now();
    Ids made = new Ids();
    assertThat(rule.createIds(() -> next[0]++, now, "", count, made)).isTrue();
    return IntStream.range(0, count).mapToObj(made::text).toList();
  }

  private Rule voucherWith(String key) throws IOException, RuleException {
    String text = Files.readString(FOLDER.resolve("voucher.lua"));
    assertThat(text).containsOnlyOnce("\"change me\"");
    Files.writeString(copies.resolve("voucher.lua"), text.replace("change me", key));
    return load(copies, "voucher.lua");
  }

  @ParameterizedTest
  @CsvSource({
    "order_id.lua, O2611220000, O2611220001",
    "task.lua, T000000000001, T000000000002",
    "invoice_luhn.lua, 2026000000011, 2026000000029",
    "invoice_gap_free.lua, INV-2026-000001, INV-2026-000002",
    "ticket_strict.lua, Q20261122-0001, Q20261122-0002",
    "receipt.lua, RC20261122-00001, RC20261122-00002",
    "invoice_fiscal.lua, FY2027-000001, FY2027-000002",
  })
  void makesTheIdsThatItShows(String file, String first, String second) throws Exception {
    assertThat(ids(load(FOLDER, file), 2)).containsExactly(first, second);
    assertThat(Files.readString(FOLDER.resolve(file))).contains("--   " + first + "\n");
  }

  @Test
  void theTableTellsTheFirstIdOfEachRule() throws Exception {
    String readme = Files.readString(FOLDER.resolve(README));
    try (Stream<Path> files = Files.list(FOLDER)) {
      for (Path file : files.filter(file -> !file.endsWith(README)).toList()) {
        String text = Files.readString(file);
        String first = text.substring(text.indexOf("--   ") + 5).lines().findFirst().orElseThrow();
        assertThat(readme).contains("| `" + file.getFileName() + "` | `" + first + "` |");
      }
    }
  }

  @Test
  void aVoucherNeedsAKeyOfItsOwn() {
    assertThatThrownBy(() -> load(FOLDER, "voucher.lua"))
        .isInstanceOf(RuleException.class)
        .hasMessageMatching(
            "voucher.lua:[0-9]+: permute: the key must have at least 16 characters, but has 9:"
                + " take a long random text");
  }

  @Test
  void aVoucherHasACodeAndItsCheck() throws Exception {
    Rule rule = voucherWith("an example key, not to be used");
    List<String> codes = ids(rule, 2000);

    assertThat(codes).startsWith("SNNY-EB31-V");
    assertThat(rule.idLength()).isEqualTo("SNNY-EB31-V".length());
    assertThat(codes)
        .doesNotHaveDuplicates()
        .allMatch(id -> id.matches("[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]"));
    Meter meter = new Meter();
    for (String code : codes) {
      String plain = code.replace("-", "");
      meter.start(LuaSandbox.CALL_BUDGET);
      assertThat(
              CheckFunctions.create(meter).get("mod37_36").call(plain.substring(0, 8)).tojstring())
          .isEqualTo(plain);
    }
    assertThat(ids(voucherWith("another key, not to be used either"), 2000))
        .doesNotContainAnyElementsOf(codes);
  }
}
