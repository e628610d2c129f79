package idserver.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import idserver.testing.Folders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openapi4j.core.model.v3.OAI3;
import org.openapi4j.core.util.TreeUtil;
import org.openapi4j.core.validation.ValidationResults;
import org.openapi4j.parser.OpenApi3Parser;
import org.openapi4j.parser.model.v3.OpenApi3;
import org.openapi4j.schema.validator.ValidationContext;
import org.openapi4j.schema.validator.ValidationData;
import org.openapi4j.schema.validator.v3.SchemaValidator;

/** The OpenAPI document as a running server tells it. */
@ExtendWith(RunningServer.class)
class OpenApiIT {
  private final Server server;
  private JsonNode document;
  private OpenApi3 api;

  OpenApiIT(Server server) {
    this.server = server;
  }

  @BeforeEach
  void readsAndValidatesTheDocument() throws Exception {
    Rest.Reply reply = server.rest().get("/openapi");
    assertThat(reply.status()).isEqualTo(200);
    Path file = Folders.fresh("OpenApiIT").resolve("openapi.yaml");
    Files.writeString(file, reply.body());
    document = TreeUtil.yaml.readTree(reply.body());
    // throws with what is not valid
    api = new OpenApi3Parser().parse(file.toFile(), true);
  }

  @Test
  void isValidAndTellsOfEveryPath() {
    assertThat(api.getPaths().keySet())
        .contains(
            "/ids",
            "/ids/{rule}/{app}",
            "/counters/{rule}/{app}",
            "/time_ids/{rule}/{id}",
            "/status",
            "/metrics",
            "/health/ready",
            "/admin/counters",
            "/admin/counters/import",
            "/admin/rules/reload");
    assertThat(document.at("/info/title").asText()).isEqualTo("id_server");
  }

  @Test
  void hasAnExampleForEveryBodyAndEachFitsItsSchema() throws Exception {
    List<JsonNode> bodies = new ArrayList<>();
    document.findValues("content").forEach(content -> content.forEach(bodies::add));

    assertThat(bodies).hasSizeGreaterThan(30);
    for (JsonNode body : bodies) {
      assertThat(body.path("examples").size()).as("examples of %s", body).isPositive();
      for (JsonNode example : body.path("examples")) {
        assertThat(faults(body.path("schema"), example.path("value")))
            .as("%s against %s", example, body.path("schema"))
            .isEmpty();
      }
    }
  }

  @Test
  void tellsWhatTheServerReallyAnswers() throws Exception {
    assertAnswers("/ids/{rule}/{app}", "post", server.rest().post("/ids/dated/openapi"));
    assertAnswers("/ids/{rule}/{app}", "post", server.rest().post("/ids/dated/openapi?count=3"));
    assertAnswers("/ids/{rule}/{app}", "post", server.rest().post("/ids/nobody/openapi"));
    assertAnswers("/ids/{rule}/{app}", "post", server.rest().post("/ids/dated/a?count=x"));
    assertAnswers("/ids", "post", server.rest().ask("not JSON"));
    assertAnswers("/counters/{rule}/{app}", "get", server.rest().get("/counters/dated/openapi"));
    assertAnswers("/status", "get", server.rest().get("/status"));
    assertAnswers("/health/ready", "get", server.rest().get("/health/ready"));
  }

  private void assertAnswers(String path, String method, Rest.Reply reply) throws Exception {
    JsonNode answer =
        document
            .path("paths")
            .path(path)
            .path(method)
            .path("responses")
            .path(Integer.toString(reply.status()));
    String reference = answer.path("$ref").asText();
    JsonNode response = reference.isEmpty() ? answer : document.at(reference.substring(1));
    JsonNode schema = response.at("/content/application~1json/schema");

    assertThat(schema.isMissingNode()).as("%s %s %s", method, path, reply).isFalse();
    JsonNode body = TreeUtil.json.readTree(reply.body());
    assertThat(faults(schema, body)).as("%s %s %s", method, path, reply).isEmpty();
    JsonNode properties =
        document.at(schema.path("$ref").asText("#").substring(1)).path("properties");
    body.fieldNames()
        .forEachRemaining(member -> assertThat(properties.has(member)).as(member).isTrue());
  }

  private List<ValidationResults.ValidationItem> faults(JsonNode schema, JsonNode value)
      throws Exception {
    ValidationContext<OAI3> context = new ValidationContext<>(api.getContext());
    ValidationData<Void> data = new ValidationData<>();
    new SchemaValidator(context, "body", schema).validate(value, data);
    return data.results().items();
  }
}
