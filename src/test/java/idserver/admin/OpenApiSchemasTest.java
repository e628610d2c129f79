package idserver.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.openapi4j.core.util.TreeUtil;

/** The OpenAPI document knows each member of what the status and the administration answer. */
class OpenApiSchemasTest {
  static Stream<Arguments> answers() {
    return Stream.of(
        Arguments.of("Status", ServerStatus.class),
        Arguments.of("Session", AdminResource.Session.class),
        Arguments.of("Counters", AdminResource.CounterPage.class),
        Arguments.of("Counter", CounterItem.class),
        Arguments.of("Raised", AdminResource.Raised.class),
        Arguments.of("Imported", Administration.Imported.class),
        Arguments.of("Imported/properties/others/items", Administration.OnServer.class),
        Arguments.of("Blocks", AdminResource.Blocks.class),
        Arguments.of("Blocks/properties/blocks/items", AdminResource.BlockItem.class),
        Arguments.of("HeldPage", AdminResource.HeldPage.class),
        Arguments.of("HeldPage/properties/held/items", AdminResource.HeldItem.class),
        Arguments.of("Nodes", AdminResource.NodeList.class),
        Arguments.of("Nodes/properties/nodes/items", AdminResource.NodeItem.class),
        Arguments.of("Reloads", AdminResource.Reloads.class),
        Arguments.of("Reloads/properties/reloads/items", ReloadEntry.class),
        Arguments.of("Change", RuleChange.class),
        Arguments.of("Pending", Administration.Pending.class),
        Arguments.of("Rules", AdminRulesResource.RuleItems.class),
        Arguments.of("Rules/properties/rules/items", AdminRulesResource.RuleItem.class),
        Arguments.of("Reloaded", AdminRulesResource.Outcome.class),
        Arguments.of("Tried", AdminRulesResource.Tried.class),
        Arguments.of("Tried/properties/cases/items", AdminRulesResource.CaseItem.class));
  }

  @ParameterizedTest
  @MethodSource("answers")
  void aSchemaHasTheMembersOfTheAnswer(String schema, Class<? extends Record> answer)
      throws IOException {
    TreeSet<String> documented = new TreeSet<>();
    document()
        .at("/components/schemas/" + schema + "/properties")
        .fieldNames()
        .forEachRemaining(documented::add);

    assertThat(documented)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(answer.getRecordComponents()).map(OpenApiSchemasTest::member).toList());
  }

  private static JsonNode document() throws IOException {
    try (InputStream text =
        Objects.requireNonNull(
            OpenApiSchemasTest.class.getResourceAsStream("/META-INF/openapi.yaml"))) {
      return TreeUtil.yaml.readTree(text);
    }
  }

  /** As the answers have it: {@code node_offset}; {@code case} is no name in Java. */
  private static String member(RecordComponent component) {
    String name = component.getName();
    return name.equals("why") ? "case" : name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }
}
