package idserver.config;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import idserver.issue.RepetitionSettings;
import idserver.log.LogSettings;
import idserver.rule.RuleSource;
import idserver.rule.TimeRule;
import idserver.store.DatabaseSettings;
import idserver.store.RuleEntry;
import idserver.timeid.TimeIdFormat;
import idserver.timeid.TimeIdLayout;
import idserver.timeid.TimeIdSettings;
import idserver.udp.UdpSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigReaderTest {
  private static final String RULES =
      "\"rules\":[{\"name\":\"order_id\",\"lua_file\":\"order_id.lua\"}]";

  private static final long EPOCH_2020_MS = 1_577_836_800_000L;

  @TempDir @Nullable Path temporary;

  private Path home() {
    return Objects.requireNonNull(temporary);
  }

  private Path write(String json) throws IOException {
    Path file = home().resolve("deploy").resolve("id_server_7.json");
    Files.createDirectories(home().resolve("deploy"));
    for (String directory : List.of("rules", "my rules", "other")) {
      for (String rule : List.of("order_id.lua", "task.lua", "a.lua", "a")) {
        Files.createDirectories(home().resolve(directory));
        Files.writeString(home().resolve(directory).resolve(rule), "");
      }
    }
    return Files.writeString(file, json);
  }

  private ServerConfig read(String json) throws IOException, ConfigException {
    return ConfigReader.read(write(json));
  }

  /** Reads a configuration with these members and one rule. */
  private ServerConfig readWith(String members) throws IOException, ConfigException {
    return read("{" + members + "," + RULES + "}");
  }

  private List<String> faults(String json) throws IOException {
    return faults(write(json));
  }

  private static List<String> faults(Path file) {
    ConfigException e = catchThrowableOfType(ConfigException.class, () -> ConfigReader.read(file));
    assertThat(e).as("is refused").isNotNull();
    assertThat(e.faults()).isNotEmpty().noneMatch(fault -> fault.contains("\n"));
    assertThat(e).hasMessage(String.join(System.lineSeparator(), e.faults()));
    return e.faults();
  }

  private List<String> faultsWith(String members) throws IOException {
    return faults("{" + members + "," + RULES + "}");
  }

  @Test
  void readsTheDocumentsConfigurationAsItStands() throws Exception {
    Path file = write(DocumentConfig.TEXT);

    ServerConfig config = ConfigReader.read(file);

    assertThat(config)
        .isEqualTo(
            new ServerConfig(
                file,
                new LogSettings("id_server", 3, home().resolve("log/id_server_7")),
                new UdpSettings("127.0.0.1", 1200, UdpSettings.defaultThreads(), 1000),
                "127.0.0.1",
                8080,
                4,
                100_000,
                1_000_000,
                500_000,
                RepetitionSettings.DEFAULT,
                2,
                0,
                Optional.of(new DatabaseSettings("localhost", 3306, "dev", "dev", "id_counter")),
                home().resolve("data/id_server_7"),
                false,
                home().resolve("rules"),
                ZoneId.systemDefault(),
                List.of(
                    luaRule("order_id", "order_id.lua", 0, 2), luaRule("task", "task.lua", 0, 2)),
                List.of(),
                Optional.empty()));
  }

  @Test
  void readsWhoMayAdminister() throws Exception {
    ServerConfig config =
        read("{\"admin\":{\"user\":\"ops\",\"password\":\"correct horse\"}," + RULES + "}");

    assertThat(config.admin()).contains(new AdminAccount("ops", "correct horse"));
    assertThat(config.toString()).doesNotContain("horse");
  }

  @Test
  void anAccountNeedsANameAndAPasswordThatIsNotShort() throws Exception {
    assertThat(faultsWith("\"admin\":{\"user\":\"a:b\",\"password\":\"seven77\"}"))
        .containsExactly(
            "admin.user: must not contain ':' or control characters: \"a:b\"",
            "admin.password: must have at least 8 characters: ***");
    assertThat(faultsWith("\"admin\":{}"))
        .containsExactly("admin.user: is missing", "admin.password: is missing");
    assertThat(faultsWith("\"admin\":true")).containsExactly("admin: must be an object");
  }

  /** A rule with all by default. */
  private static RuleSource luaRule(String name, String file, int node, int nodes) {
    return new RuleSource(
        name, file, 100, Optional.of(timeIds(TimeIdLayout.CLASSIC, EPOCH_2020_MS, node, nodes)));
  }

  private static TimeIdSettings timeIds(TimeIdLayout layout, long epochMs, int node, int nodes) {
    // only the ordered ones have to know how many servers there are
    int among = layout == TimeIdLayout.ORDERED ? nodes : TimeIdFormat.MAX_NODES;
    return TimeIdSettings.of(new TimeIdFormat(layout, epochMs, node, among));
  }

  @Test
  void whatIsNotThereHasADefault() throws Exception {
    ServerConfig config = read("{" + RULES + "}");

    assertThat(config.log()).isEqualTo(new LogSettings("id_server", 3, config.log().directory()));
    assertThat(config.udp())
        .isEqualTo(new UdpSettings("127.0.0.1", 1200, UdpSettings.defaultThreads(), 1000));
    assertThat(config.idStep()).isEqualTo(1);
    assertThat(config.idOffset()).isZero();
    assertThat(config.database()).isEmpty();
    assertThat(config.timeZone()).isEqualTo(ZoneId.systemDefault());
    assertThat(config.rules()).containsExactly(luaRule("order_id", "order_id.lua", 0, 1));
  }

  @Test
  void aNameWithALineInItIsToldInOneLine() throws Exception {
    assertThat(faultsWith("\"a\\nb\":1"))
        .singleElement()
        .asString()
        .startsWith("a\\u000ab: is not a known key")
        .doesNotContain("\n");
  }

  @Test
  void aDatabaseMayHaveSeveralNodes() throws Exception {
    String database = "\"database\":{\"host\":\"%s\",\"user\":\"u\",\"dbname\":\"d\"},";

    assertThat(
            read("{" + database.formatted("db1, db2:3307,[::1],[::1]:3308") + RULES + "}")
                .database())
        .get()
        .hasToString("u@db1:3306,db2:3307,[::1]:3306,[::1]:3308/d");
    for (String wrong : List.of("a,", ",", "a,b:0", "a,b:65536", "a,b c", "a,b:x", "a,::1")) {
      assertThat(faults("{" + database.formatted(wrong) + RULES + "}"))
          .as(wrong)
          .singleElement()
          .asString()
          .startsWith("database.host: must be a host, or those of a cluster");
    }
  }

  @Test
  void aRuleSaysWhetherItsNumbersAreConfirmedAndInWhatTime() throws Exception {
    String rules =
        "\"rules\":[{\"name\":\"g\",\"lua_file\":\"a.lua\",\"allocation\":\"gap_free\"},"
            + "{\"name\":\"h\",\"lua_file\":\"a.lua\",\"allocation\":\"gap_free\","
            + "\"confirm_seconds\":86400},"
            + "{\"name\":\"d\",\"lua_file\":\"a.lua\"}]";

    ServerConfig config = read("{" + rules + "}");

    assertThat(config.rules())
        .extracting(RuleSource::confirmSeconds)
        .containsExactly(OptionalInt.of(300), OptionalInt.of(86_400), OptionalInt.empty());
    assertThat(config.rules()).extracting(RuleSource::shared).containsExactly(true, true, false);
    assertThat(config.ruleEntries())
        .extracting(RuleEntry::allocation)
        .containsExactly("gap_free", "gap_free", "interleaved");
    assertThat(faults("{\"id_step\":2," + rules + "}"))
        .hasSize(2)
        .first()
        .asString()
        .startsWith("rules[0].allocation: gap_free needs a database that all servers are on");
    assertThat(faults("{" + rules.replace("86400", "0") + "}"))
        .containsExactly(
            "rules[1].confirm_seconds: must be a whole number from 1 to 604800: 0 (rule h)");
    assertThat(faults("{" + rules.replace("a.lua\"}]", "a.lua\",\"confirm_seconds\":5}]") + "}"))
        .singleElement()
        .asString()
        .startsWith("rules[2].confirm_seconds: is for rules with");
  }

  @Test
  void aRuleSaysWhetherAllServersTakeItsNumbersFromOneRow() throws Exception {
    String rules =
        "\"rules\":[{\"name\":\"s\",\"lua_file\":\"a.lua\",\"allocation\":\"shared\"},"
            + "{\"name\":\"i\",\"lua_file\":\"a.lua\",\"allocation\":\"interleaved\"},"
            + "{\"name\":\"d\",\"lua_file\":\"a.lua\"}]";

    ServerConfig config = read("{" + rules + "}");

    assertThat(config.rules()).extracting(RuleSource::shared).containsExactly(true, false, false);
    assertThat(config.ruleEntries())
        .extracting(RuleEntry::allocation)
        .containsExactly("shared", "interleaved", "interleaved");
    assertThat(faults("{\"id_step\":2," + rules + "}"))
        .singleElement()
        .asString()
        .startsWith("rules[0].allocation: shared needs a database that all servers are on");
    assertThat(faults("{" + rules.replace("interleaved", "both") + "}"))
        .containsExactly(
            "rules[1].allocation: must be interleaved or shared or gap_free or strict: \"both\" (rule i)");
  }

  @Test
  void aRuleSaysWhetherItsNumbersAreInOneOrderOverAllServers() throws Exception {
    String rules =
        "\"rules\":[{\"name\":\"s\",\"lua_file\":\"a.lua\",\"allocation\":\"strict\"},"
            + "{\"name\":\"d\",\"lua_file\":\"a.lua\"}]";

    ServerConfig config = read("{" + rules + "}");

    assertThat(config.rules()).extracting(RuleSource::strict).containsExactly(true, false);
    assertThat(config.rules()).extracting(RuleSource::shared).containsExactly(true, false);
    assertThat(config.ruleEntries())
        .extracting(RuleEntry::allocation)
        .containsExactly("strict", "interleaved");
    assertThat(faults("{\"id_step\":2," + rules + "}"))
        .singleElement()
        .asString()
        .startsWith("rules[0].allocation: strict needs a database that all servers are on");
    assertThat(faults("{" + rules.replace("strict\"}", "strict\",\"confirm_seconds\":5}") + "}"))
        .singleElement()
        .asString()
        .startsWith("rules[0].confirm_seconds: is for rules with");
  }

  @Test
  void theDatabaseIsTrustedOnlyWhereThatIsSaid() throws Exception {
    assertThat(read("{" + RULES + "}").trustDatabase()).isFalse();
    assertThat(read("{\"trust_database\":true," + RULES + "}").trustDatabase()).isTrue();
    assertThat(read("{\"trust_database\":false," + RULES + "}").trustDatabase()).isFalse();
    assertThat(faultsWith("\"trust_database\":\"yes\""))
        .containsExactly("trust_database: must be true or false: \"yes\"");
  }

  @Test
  void aTimeRuleNeedsNothingButItsName() throws Exception {
    ServerConfig config = read("{\"rules\":[{\"name\":\"ids\",\"type\":\"time\"}]}");

    assertThat(config.rules()).isEmpty();
    assertThat(config.timeRules())
        .containsExactly(new TimeRule("ids", timeIds(TimeIdLayout.CLASSIC, EPOCH_2020_MS, 0, 1)));
  }

  @Test
  void aTimeRuleIsReadWithItsLayoutAndEpochAndThePlaceOfTheServer() throws Exception {
    ServerConfig config =
        read(
            """
            {"id_step":1024,"id_offset":1023,"rules":[
              {"name":"spill","type":"time","layout":"spill","epoch":"1970-01-01"},
              {"name":"ordered","type":"time","layout":"ordered","epoch":"2026-01-01"},
              {"name":"classic","type":"time","layout":"classic","epoch":"2026-01-01T00:00:01Z"},
              {"name":"a","type":"lua","lua_file":"a.lua","layout":"spill","epoch":"1970-01-02"}]}
            """);

    long epoch2026 = 1_767_225_600_000L;
    assertThat(config.timeRules())
        .containsExactly(
            new TimeRule("spill", timeIds(TimeIdLayout.SPILL, 0, 1023, 1024)),
            new TimeRule("ordered", timeIds(TimeIdLayout.ORDERED, epoch2026, 1023, 1024)),
            new TimeRule("classic", timeIds(TimeIdLayout.CLASSIC, epoch2026 + 1_000, 1023, 1024)));
    assertThat(config.rules())
        .containsExactly(
            new RuleSource(
                "a",
                "a.lua",
                100,
                Optional.of(timeIds(TimeIdLayout.SPILL, 86_400_000, 1023, 1024))));
  }

  @Test
  void moreServersThanATimeIdCanTellApartHaveNoTimeRules() throws Exception {
    String rules = "{\"id_step\":1025,\"rules\":[%s{\"name\":\"a\",\"lua_file\":\"a.lua\"}]}";

    assertThat(faults(rules.formatted("{\"name\":\"ids\",\"type\":\"time\"},")))
        .containsExactly(
            "rules[0].type: needs an id_step of at most 1024, which is 1025: \"time\" (rule ids)");
    assertThat(read(rules.formatted("")).rules())
        .containsExactly(new RuleSource("a", "a.lua", 100, Optional.empty()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"lua_file\":\"a.lua\"", "\"batch_save\":1"})
  void aTimeRuleHasNoMemberOfARuleInLua(String member) throws Exception {
    assertThat(faults("{\"rules\":[{\"name\":\"ids\",\"type\":\"time\"," + member + "}]}"))
        .singleElement()
        .asString()
        .endsWith("is not a known key; known are epoch, layout, name, type (rule ids)");
  }

  @Test
  void aTimeRuleAndARuleInLuaHaveDifferentNames() throws Exception {
    assertThat(
            faults(
                "{\"rules\":[{\"name\":\"a\",\"type\":\"time\"},"
                    + "{\"name\":\"a\",\"lua_file\":\"a.lua\"}]}"))
        .singleElement()
        .asString()
        .startsWith("rules[1].name: is the name of an earlier rule");
  }

  @Test
  void aRuleWhoseFileIsNotThereIsAFaultOfTheConfiguration() throws Exception {
    assertThat(faults("{\"rules\":[{\"name\":\"lost\",\"lua_file\":\"lost.lua\"}]}"))
        .containsExactly(
            "rules[0].lua_file: there is no such file in "
                + home().resolve("rules")
                + ": \"lost.lua\" (rule lost)");
  }

  @Test
  void readsWhatTheDocumentDoesNotHave() throws Exception {
    ServerConfig config =
        readWith(
            """
            "http_host":"localhost","http_port":1,"max_counters":5,"max_counters_per_network":3,"time_zone":"Asia/Shanghai",
            "data_dir":"/var/data","log_dir":"../log","rules_dir":"my rules"
            """);

    assertThat(config.httpHost()).isEqualTo("localhost");
    assertThat(config.httpPort()).isEqualTo(1);
    assertThat(config.maxCounters()).isEqualTo(5);
    assertThat(config.maxCountersPerNetwork()).isEqualTo(3);
    assertThat(config.timeZone()).isEqualTo(ZoneId.of("Asia/Shanghai"));
    assertThat(config.dataDir()).isEqualTo(Path.of("/var/data"));
    assertThat(config.log().directory()).isEqualTo(home().resolveSibling("log"));
    assertThat(config.rulesDir()).isEqualTo(home().resolve("my rules"));
  }

  @Test
  void theDatabaseHasDefaultsForPortPasswordAndCharset() throws Exception {
    assertThat(readWith("\"database\":{\"host\":\"h\",\"user\":\"u\",\"dbname\":\"d\"}").database())
        .contains(new DatabaseSettings("h", 3306, "u", "", "d"));
  }

  @Test
  void aPasswordIsReadToTheLetter() throws Exception {
    String password = "it's \\\"&%\\\\ p\u00e4ss // no comment /* nor this */ ";
    ServerConfig config =
        readWith(
            "\"database\":{\"host\":\"h\",\"user\":\"u\",\"dbname\":\"d\",\"password\":\""
                + password
                + "\"}");

    assertThat(config.database().orElseThrow().password())
        .isEqualTo("it's \"&%\\ p\u00e4ss // no comment /* nor this */ ");
    assertThat(config.toString()).doesNotContain("p\u00e4ss");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "//\n{%s}",
        "{%s}//",
        "{%s} // at the end without a new line",
        "{%s}\n/* open to the end */",
        "/**/{%s}/***/",
        "{/* one */%s/* two\n// lines */}",
        "{// one\r\n%s// two\r\n}\r\n",
        "{// \"a string\n%s}",
        "{/* \" */%s}",
        "{/* // */%s}",
        "{// /*\n%s}"
      })
  void commentsAreNothing(String json) throws Exception {
    assertThat(read(json.formatted(RULES)).rules()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " \n",
        "// only a comment",
        "/* open",
        "/",
        "{%s",
        "{%s}}",
        "{%s}{}",
        "{%s} x",
        "{%s,}",
        "{%s",
        "{\"log_prefix:1,%s}",
        "{\"log_prefix\\",
        "[{%s}]",
        "null",
        "1",
        "\"{}\"",
        "{%s /* open }",
        "{/%s}",
        "{/ /%s}",
        "{'log_prefix':'a',%s}",
        "{log_prefix:1,%s}",
        "{\"id_step\":01,%s}",
        "{\"id_step\":+1,%s}",
        "{\"id_step\":NaN,%s}",
        "\uFEFF{%s}"
      })
  void whatIsNotOneJsonObjectIsRefusedWithTheFilesName(String json) throws Exception {
    assertThat(faults(json.formatted(RULES)))
        .singleElement()
        .asString()
        .startsWith(home().resolve("deploy/id_server_7.json").toString());
  }

  @Test
  void aFaultOfTheTextIsToldWithLineAndColumn() throws Exception {
    assertThat(faults("{\n  // comment\n  \"id_step\": 1 1\n}"))
        .singleElement()
        .asString()
        .contains("id_server_7.json: 3:", "is not JSON");
  }

  @Test
  void aKeyThatComesTwiceIsRefused() throws Exception {
    assertThat(faultsWith("\"id_step\":2,\"id_step\":3"))
        .singleElement()
        .asString()
        .contains("id_step");
    assertThat(faults("{\"rules\":[{\"name\":\"a\",\"name\":\"a\",\"lua_file\":\"a.lua\"}]}"))
        .singleElement()
        .asString()
        .contains("name");
  }

  @Test
  void aTextThatIsTooDeepIsRefused() throws Exception {
    faults("[".repeat(100_000));
    faults("{\"a\":".repeat(100_000));
    faultsWith("\"id_step\":" + "[".repeat(2_000) + "]".repeat(2_000));
  }

  @Test
  void aNumberOfThousandsOfDigitsIsRefused() throws Exception {
    assertThat(faultsWith("\"id_step\":" + "9".repeat(60_000))).hasSize(1);
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    Path missing = home().resolve("deploy/none.json");

    assertThat(faults(missing)).containsExactly(missing + ": no such configuration file");
  }

  @Test
  void aFileThatIsNotUtf8IsRefused() throws Exception {
    Path file = write("");
    Files.write(file, ("{\"log_prefix\":\"\u00e4\"," + RULES + "}").getBytes(ISO_8859_1));

    assertThat(faults(file)).containsExactly(file + ": is not UTF-8");
  }

  @Test
  void aDirectoryIsRefused() {
    assertThat(faults(home())).singleElement().asString().startsWith(home() + ": cannot be read");
  }

  @Test
  void theLimitOfErrorsMayBeAnyOrNone() throws Exception {
    assertThat(readWith("\"udp_errors_per_second\":5").udp().errorsPerSecond()).isEqualTo(5);
    assertThat(readWith("\"udp_errors_per_second\":0").udp().errorsPerSecond()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "id_stp":2                      | id_stp: is not a known key; known are
          "database":{"hots":"h"}         | database.hots: is not a known key
          "log_prefix":1                  | log_prefix: must be a string: 1
          "log_prefix":"../x"             | log_prefix: must be letters
          "log_prefix":""                 | log_prefix: must not be empty
          "log_format":"xml"              | log_format: must be "text" or "json"
          "log_format":1                  | log_format: must be a string: 1
          "log_level":6                   | log_level: must be a whole number from 0 to 5: 6
          "log_level":-1                  | log_level: must be a whole number from 0 to 5: -1
          "log_level":"3"                 | log_level: must be a whole number from 0 to 5: "3"
          "log_level":null                | log_level: must be a whole number from 0 to 5: null
          "log_level":true                | log_level: must be a whole number from 0 to 5: true
          "service_host":"no.such.host"   | service_host: must be an address of this machine
          "service_port":0                | service_port: must be a whole number from 1 to 65535: 0
          "service_port":65536            | service_port: must be a whole number from 1 to 65535
          "http_port":-1                  | http_port: must be a whole number from 1 to 65535
          "thread_count":0                | thread_count: must be a whole number from 1 to 32: 0
          "udp_threads":0                 | udp_threads: must be a whole number from 1 to 64: 0
          "udp_errors_per_second":-1      | udp_errors_per_second: must be a whole number from 0 to
          "udp_errors_per_second":1000001 | udp_errors_per_second: must be a whole number from 0 to
          "queue_size":0                  | queue_size: must be a whole number from 1 to
          "max_counters":0                | max_counters: must be a whole number from 1 to
          "repetitions":5                 | repetitions: must be an object
          "repetitions":{"seconds":0}     | repetitions.seconds: must be a whole number from 1 to
          "repetitions":{"most":-1}       | repetitions.most: must be a whole number from 0 to
          "repetitions":{"megabytes":0}   | repetitions.megabytes: must be a whole number from 1 to
          "repetitions":{"minutes":5}     | repetitions.minutes: is not a known key; known are
          "id_step":0                     | id_step: must be a whole number from 1 to 1000000: 0
          "id_step":1.5                   | id_step: must be a whole number from 1 to 1000000: 1.5
          "id_step":4294967297            | id_step: must be a whole number from 1 to 1000000
          "id_step":18446744073709551617  | id_step: must be a whole number from 1 to 1000000
          "id_step":1e999999999           | id_step: must be a whole number from 1 to 1000000
          "id_step":1e-999999999          | id_step: must be a whole number from 1 to 1000000
          "id_offset":1                   | id_offset: must be a whole number from 0 to 0: 1
          "id_step":2,"id_offset":2       | id_offset: must be a whole number from 0 to 1: 2
          "id_offset":-1                  | id_offset: must be a whole number from 0 to 0: -1
          "time_zone":"Mars/Olympus"      | time_zone: must be a time zone
          "time_zone":5                   | time_zone: must be a string: 5
          "data_dir":"\\u0000"            | data_dir: must be a path
          "data_dir":[]                   | data_dir: must be a string: []
          "database":null                 | database: must be an object
          "database":"localhost"          | database: must be an object
          "database":{}                   | database.host: is missing
          "database":{}                   | database.user: is missing
          "database":{}                   | database.dbname: is missing
          "database":{"port":"3306"}      | database.port: must be a whole number
          "database":{"charset":"latin1"} | database.charset: must be utf8 or utf8mb4: "latin1"
          "database":{"password":5}       | database.password: must be a string: ***
          """)
  void aFaultIsToldWithKeyAndRule(String members, String fault) throws Exception {
    assertThat(faultsWith(members)).anyMatch(told -> told.startsWith(fault));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {}                                        | rules: is missing
          {"rules":[]}                              | rules: must be an array
          {"rules":{}}                              | rules: must be an array
          {"rules":["order_id"]}                    | rules[0]: must be an object: "order_id"
          {"rules":[{"lua_file":"a.lua"}]}          | rules[0].name: is missing
          {"rules":[{"name":"a"}]}                  | rules[0].lua_file: is missing
          {"rules":[{"name":"","lua_file":"a"}]}    | rules[0].name: must not be empty
          {"rules":[{"name":"a b","lua_file":"a"}]} | rules[0].name: must be 1 to 64 letters
          {"rules":[{"name":"a","lua_file":"../a"}]}| rules[0].lua_file: must be the name of a file
          {"rules":[{"name":"a","lua_file":"/a"}]}  | rules[0].lua_file: must be the name of a file
          {"rules":[{"batch_save":0}]}              | rules[0].batch_save: must be a whole number
          {"rules":[{"batch_save":1000001}]}        | rules[0].batch_save: must be a whole number
          {"rules":[{"warn_share":0}]}              | rules[0].warn_share: must be a number above 0 and below 1
          {"rules":[{"warn_share":1.0}]}            | rules[0].warn_share: must be a number above 0 and below 1
          {"rules":[{"warn_share":"0.9"}]}          | rules[0].warn_share: must be a number above 0 and below 1
          {"rules":[{"batch_size":1}]}              | rules[0].batch_size: is not a known key
          {"rules":[{"name":"a"},{"name":"a"}]}     | rules[1].name: is the name of an earlier rule
          {"rules":[{"type":"Time"}]}               | rules[0].type: must be lua or time: "Time"
          {"rules":[{"type":1}]}                    | rules[0].type: must be a string: 1
          {"rules":[{"type":""}]}                   | rules[0].type: must not be empty
          {"rules":[{"layout":"Spill"}]}            | rules[0].layout: must be one of spill, ordered, classic
          {"rules":[{"layout":null}]}               | rules[0].layout: must be a string
          {"rules":[{"epoch":"2999-01-01"}]}        | rules[0].epoch: must be a day in the past
          {"rules":[{"epoch":"1969-12-31"}]}        | rules[0].epoch: must be a day in the past
          {"rules":[{"epoch":"2026-02-30"}]}        | rules[0].epoch: must be a day in the past
          {"rules":[{"epoch":"yesterday"}]}         | rules[0].epoch: must be a day in the past
          {"rules":[{"epoch":"-999999999-01-01"}]}  | rules[0].epoch: must be a day in the past
          {"rules":[{"epoch":""}]}                  | rules[0].epoch: must
          {"rules":[{"epoch":20200101}]}            | rules[0].epoch: must be a string: 20200101
          """)
  void aFaultOfARuleIsToldWithItsPlace(String json, String fault) throws Exception {
    assertThat(faults(json)).anyMatch(told -> told.startsWith(fault));
  }

  @Test
  void everyFaultIsToldAtOnce() throws Exception {
    assertThat(
            faults(
                """
                {
                  "log_level": 9, "service_port": "x", "id_offset": 3, "unknown": 1,
                  "database": {"host": 1, "port": 0, "dbname": "d"},
                  "time_zone": "Nowhere",
                  "rules": [{"name": "a", "lua_file": "a.lua"}, {"name": "a", "batch_save": 0}, 7]
                }
                """))
        .extracting(fault -> fault.substring(0, fault.indexOf(':')))
        .containsExactlyInAnyOrder(
            "log_level",
            "service_port",
            "id_offset",
            "unknown",
            "database.host",
            "database.port",
            "database.user",
            "time_zone",
            "rules[1].name",
            "rules[1].batch_save",
            "rules[1].lua_file",
            "rules[2]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"id_step\":0",
        "\"id_step\":\"2\",\"id_offset\":1",
        "\"time_zone\":5",
        "\"time_zone\":\"\"",
        "\"log_prefix\":\"\"",
        "\"service_host\":5"
      })
  void aFaultIsToldOnce(String members) throws Exception {
    assertThat(faultsWith(members)).hasSize(1);
  }

  @Test
  void twoRulesWithoutANameAreNotTakenForDuplicates() throws Exception {
    assertThat(faults("{\"rules\":[{\"lua_file\":\"a.lua\"},{\"lua_file\":\"a.lua\"}]}"))
        .containsExactly("rules[0].name: is missing", "rules[1].name: is missing");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"database\":{\"password\":\"s3cr3t\"}",
        "\"database\":{\"password\":[\"s3cr3t\"]}",
        "\"database\":{\"password\":{\"a\":\"s3cr3t\"}}",
        "\"database\":[{\"password\":\"s3cr3t\"}]",
        "\"database\":\"mysql://dev:s3cr3t@localhost/ids\"",
        "\"password\":\"s3cr3t\"",
        "\"database\":{\"passwort\":\"s3cr3t\"}",
        "\"database\":{\"password\":\"s3cr3t\" \"user\":1}",
        "\"database\":{\"password\":s3cr3t}",
        "\"database\":{\"password\":\"s3cr3t\",\"password\":\"s3cr3t\"}"
      })
  void noFaultShowsAPassword(String members) throws Exception {
    assertThat(faultsWith(members)).noneMatch(fault -> fault.contains("s3cr3t"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "2", "1000000"})
  void aWholeNumberIsRead(String number) throws Exception {
    assertThat(readWith("\"id_step\":" + number).idStep()).isEqualTo(Integer.parseInt(number));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e3", "1.0", "-0.0", "1E+2", "0.5e1"})
  void aNumberWithAFractionOrAnExponentIsEitherExactOrRefused(String number) throws Exception {
    Path file = write("{\"id_step\":" + number + "," + RULES + "}");
    try {
      assertThat((double) ConfigReader.read(file).idStep()).isEqualTo(Double.parseDouble(number));
    } catch (ConfigException e) {
      assertThat(e.faults()).anyMatch(fault -> fault.startsWith("id_step: must be a whole number"));
    }
  }

  @Test
  void relativePathsAreThoseOfTheParentOfTheConfigurationsDirectory() throws Exception {
    Path file = write("{\"data_dir\":\"a/../b\"," + RULES + "}");
    Path detour = home().resolve("deploy/../deploy/./id_server_7.json");

    assertThat(ConfigReader.read(detour)).isEqualTo(ConfigReader.read(file));
    assertThat(ConfigReader.read(detour).dataDir()).isEqualTo(home().resolve("b"));
    assertThat(ConfigReader.read(detour).file()).isEqualTo(file);
  }

  @Test
  void rulesAndLogAreTheOnlyThingsThatMayDifferInAReload() throws Exception {
    ServerConfig before = readWith("\"id_step\":2,\"log_level\":3");
    ServerConfig logging = readWith("\"id_step\":2,\"log_level\":5,\"log_prefix\":\"other\"");
    ServerConfig rules =
        read("{\"id_step\":2,\"rules\":[{\"name\":\"task\",\"lua_file\":\"task.lua\"}]}");

    assertThat(before.sameButForRulesAndLog(before)).isTrue();
    assertThat(before.sameButForRulesAndLog(logging)).isTrue();
    assertThat(before.sameButForRulesAndLog(rules)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"id_step\":3",
        "\"id_step\":2,\"id_offset\":1",
        "\"id_step\":2,\"service_port\":1201",
        "\"id_step\":2,\"service_host\":\"localhost\"",
        "\"id_step\":2,\"udp_errors_per_second\":0",
        "\"id_step\":2,\"http_port\":1201",
        "\"id_step\":2,\"http_host\":\"localhost\"",
        "\"id_step\":2,\"thread_count\":5",
        "\"id_step\":2,\"queue_size\":5",
        "\"id_step\":2,\"max_counters\":5",
        "\"id_step\":2,\"repetitions\":{\"most\":0}",
        "\"id_step\":2,\"data_dir\":\"other\"",
        "\"id_step\":2,\"rules_dir\":\"other\"",
        "\"id_step\":2,\"time_zone\":\"Pacific/Chatham\"",
        "\"id_step\":2,\"database\":{\"host\":\"h\",\"user\":\"u\",\"dbname\":\"d\"}"
      })
  void anyOtherDifferenceNeedsARestart(String members) throws Exception {
    ServerConfig before = readWith("\"id_step\":2");

    assertThat(before.sameButForRulesAndLog(readWith(members))).isFalse();
  }

  @Test
  void aChangedPasswordNeedsARestart() throws Exception {
    String database = "\"database\":{\"host\":\"h\",\"user\":\"u\",\"dbname\":\"d\",%s}";
    ServerConfig before = readWith(database.formatted("\"password\":\"a\""));

    assertThat(before.sameButForRulesAndLog(readWith(database.formatted("\"password\":\"b\""))))
        .isFalse();
  }

  @Test
  void theConfigurationsThatComeWithTheProductAreRead() throws Exception {
    for (int server = 1; server <= 2; server++) {
      ServerConfig config = ConfigReader.read(Path.of("deploy/id_server_" + server + ".json"));
      assertThat(config.idOffset()).isEqualTo(server - 1);
      assertThat(config.rules()).hasSize(2);
    }
  }
}
