package idserver.admin;

import idserver.counter.Numbering;
import idserver.rule.Collision;
import idserver.rule.Experiment;
import idserver.rule.Rule;
import idserver.rule.RuleBook;
import idserver.rule.TimeRule;
import idserver.wire.Members;
import jakarta.annotation.PostConstruct;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.bind.annotation.JsonbProperty;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.io.InputStream;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The rules over HTTP: see, try, reload, go back. Thread-safe. */
@Path("admin/rules")
@ApplicationScoped
@ForAdministrators
@Produces(MediaType.APPLICATION_JSON)
public class AdminRulesResource {
  @EJB private AdministrationSource server;
  @Inject private AdminThreads threads;
  private Administration administration;

  /**
   * A rule that is served. Immutable.
   *
   * @param type {@code lua} or {@code time}
   * @param file its file in the rules directory; null for one without
   * @param text what that said when it was loaded
   * @param allocation {@code interleaved}, {@code shared}, {@code gap_free} or {@code strict}; null
   *     for one without counters
   * @param confirmSeconds how long a number is held that is not confirmed; null where none is
   * @param timeZone its own zone; null where it has the server's
   */
  public record RuleItem(
      String name,
      String type,
      @Nullable String file,
      @Nullable String text,
      @Nullable Integer batchSave,
      @Nullable String allocation,
      @Nullable Integer confirmSeconds,
      @Nullable String timeZone,
      @Nullable String min,
      @Nullable String max,
      @Nullable String period,
      @Nullable String layout) {}

  /** All rules that are served. Immutable. */
  public record RuleItems(
      long version, String loadedAt, boolean canRollBack, List<RuleItem> rules) {}

  /** What came of a reload. Immutable. */
  public record Outcome(boolean succeeded, long version, String message, List<String> faults) {
    static Outcome of(ReloadOutcome outcome) {
      return new Outcome(
          outcome.isSucceeded(),
          outcome.getVersion(),
          outcome.getMessage(),
          List.of(outcome.getFaults()));
    }
  }

  /** One id of a rule that is tried. Immutable; see {@link Experiment.Case}. */
  public record CaseItem(
      @JsonbProperty("case") String why,
      String at,
      String number,
      long nodeOffset,
      @Nullable String id,
      @Nullable String error) {}

  /** What a rule made that was tried. Immutable. */
  public record Tried(
      @Nullable String period,
      @Nullable String min,
      @Nullable String max,
      List<CaseItem> cases,
      List<String> lint,
      @Nullable String fault) {}

  @PostConstruct
  void start() {
    administration = server.administration();
  }

  /** The rules that are served, with their texts. */
  @GET
  public Response rules() {
    RuleBook book = administration.rules().current();
    List<RuleItem> items = new ArrayList<>();
    book.rules().forEach(rule -> items.add(item(rule)));
    book.timeRules().forEach(rule -> items.add(item(rule)));
    return AdminAnswer.ok(
        new RuleItems(
            book.version(),
            book.loadedAt().toString(),
            administration.rules().canRollBack(),
            items));
  }

  private static RuleItem item(Rule rule) {
    Numbering numbering = rule.numbering();
    return new RuleItem(
        rule.name(),
        "lua",
        rule.file(),
        rule.text(),
        numbering.batchSave(),
        RuleChange.allocation(rule),
        rule.confirmSeconds().isPresent() ? rule.confirmSeconds().getAsInt() : null,
        numbering.zone().map(ZoneId::getId).orElse(null),
        Long.toString(numbering.range().min()),
        Long.toString(numbering.range().max()),
        numbering.period().toString(),
        null);
  }

  private static RuleItem item(TimeRule rule) {
    String layout = rule.timeIds().format().layout().name().toLowerCase(Locale.ROOT);
    return new RuleItem(
        rule.name(), "time", null, null, null, null, null, null, null, null, null, layout);
  }

  /** What a reload would change, and what stands against it. */
  @GET
  @Path("pending")
  public CompletionStage<Response> pending() {
    return threads.answer(administration::pending);
  }

  /** Tries a rule that is served, or a text that is going to be one. Touches no counter. */
  @POST
  @Path("try")
  @Consumes(MediaType.APPLICATION_JSON)
  public CompletionStage<Response> tryRule(InputStream body) {
    return threads.answer(
        () -> {
          AdminRequest request =
              AdminRequest.read(body, Set.of("rule", "text", "at", "app", "salt", "number"));
          String rule = request.someText("rule");
          if (Members.checkRuleName(rule) != null) {
            throw AdminRefusal.badField("rule", "is no name of a rule");
          }
          String salt = request.text("salt");
          if (salt != null && Members.checkSalt(salt) != null) {
            throw AdminRefusal.badField("salt", "is too long or holds a control character");
          }
          return tried(
              administration.tryRule(
                  rule,
                  request.text("text"),
                  request.moment("at"),
                  request.number("number"),
                  salt == null ? "" : salt));
        });
  }

  private static Tried tried(Experiment experiment) {
    Numbering numbering = experiment.numbering().orElse(null);
    return new Tried(
        numbering == null ? null : numbering.period().toString(),
        numbering == null ? null : Long.toString(numbering.range().min()),
        numbering == null ? null : Long.toString(numbering.range().max()),
        experiment.cases().stream().map(AdminRulesResource::item).toList(),
        experiment.lint().stream().map(Collision::message).toList(),
        experiment.fault().orElse(null));
  }

  private static CaseItem item(Experiment.Case shown) {
    return new CaseItem(
        shown.why().name().toLowerCase(Locale.ROOT),
        shown.at().toString(),
        Long.toString(shown.number()),
        shown.nodeOffset(),
        shown.id().orElse(null),
        shown.fault().orElse(null));
  }

  /** Reads the rules again, if the version that the administrator has seen is still served. */
  @POST
  @Path("reload")
  @Consumes(MediaType.APPLICATION_JSON)
  public CompletionStage<Response> reload(@Context SecurityContext context, InputStream body) {
    String user = context.getUserPrincipal().getName();
    return threads.answer(
        () -> Outcome.of(administration.rules().reload(user, expectedVersion(body))));
  }

  /** Serves the rules of before again, on the same condition. */
  @POST
  @Path("rollback")
  @Consumes(MediaType.APPLICATION_JSON)
  public CompletionStage<Response> rollBack(@Context SecurityContext context, InputStream body) {
    String user = context.getUserPrincipal().getName();
    return threads.answer(
        () -> Outcome.of(administration.rules().rollBack(user, expectedVersion(body))));
  }

  private static long expectedVersion(InputStream body) throws AdminRefusal {
    return AdminRequest.read(body, Set.of("expected_version")).someNumber("expected_version");
  }
}
