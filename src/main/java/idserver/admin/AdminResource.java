package idserver.admin;

import idserver.counter.CounterKey;
import idserver.gapfree.Hold;
import idserver.gapfree.HoldState;
import idserver.reserve.CounterState;
import idserver.reserve.ReservedBlock;
import idserver.reserve.StoreException;
import idserver.store.CounterRegister;
import idserver.store.NodeView;
import idserver.store.StoredCounter;
import idserver.wire.Members;
import jakarta.annotation.PostConstruct;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Administration of counters and servers over HTTP. Thread-safe. */
@Path("admin")
@ApplicationScoped
@ForAdministrators
@Produces(MediaType.APPLICATION_JSON)
public class AdminResource {
  private static final int MOST_COUNTERS = 500;
  private static final int MOST_BLOCKS = 1000;
  private static final int MOST_HELD = 1000;

  @EJB private AdministrationSource server;
  @Inject private AdminThreads threads;
  private Administration administration;

  /** Who asks. Immutable. */
  public record Session(String user, String version, boolean admin) {}

  /** A page of counters; {@code next} is the {@code after} of the page that follows. Immutable. */
  public record CounterPage(List<CounterItem> counters, @Nullable String next) {}

  /** A counter that was raised, or is there already. Immutable. */
  public record Raised(String rule, String app, String reserved, boolean raised) {}

  /** A block that was reserved. Immutable; numbers are strings. */
  public record BlockItem(
      String at,
      String rule,
      String app,
      int nodeOffset,
      String periodStart,
      String first,
      String last,
      String size) {}

  /** Blocks, the latest first. Immutable. */
  public record Blocks(List<BlockItem> blocks) {}

  /**
   * A number of a gap-free rule that is not confirmed. Immutable; numbers are strings.
   *
   * @param periodStart on the rule's clock; null where it never starts again
   * @param state {@code held}, {@code free} or {@code doubtful}
   * @param id null where nobody has it
   * @param requestId null as {@code id}
   * @param heldUntil null where it is not held
   */
  public record HeldItem(
      @Nullable String periodStart,
      String number,
      String state,
      @Nullable String id,
      @Nullable String requestId,
      @Nullable String heldUntil) {}

  /** A page of them; {@code next} is the {@code after} of the page that follows. Immutable. */
  public record HeldPage(List<HeldItem> held, @Nullable String next) {}

  /**
   * A server. Immutable.
   *
   * @param startedAt since when it holds its place, or held it last
   * @param leaseUntil until when its lease is, or was where that has run out; null where it was
   *     given back
   * @param leased whether the lease is held now, by the database's clock
   */
  public record NodeItem(
      int nodeOffset,
      int idStep,
      String timeZone,
      String host,
      long pid,
      String dataDir,
      String startedAt,
      @Nullable String leaseUntil,
      boolean leased,
      boolean thisServer) {}

  /** All servers. Immutable. */
  public record NodeList(List<NodeItem> nodes) {}

  /** Changes of the rules, the latest first. Immutable. */
  public record Reloads(List<ReloadEntry> reloads) {}

  @PostConstruct
  void start() {
    administration = server.administration();
  }

  /** Says who asks: for a console that wants to know whether its credentials are good. */
  @GET
  @Path("session")
  public Response session(@Context SecurityContext context) {
    String version = AdminResource.class.getPackage().getImplementationVersion();
    return AdminAnswer.ok(
        new Session(context.getUserPrincipal().getName(), version == null ? "" : version, true));
  }

  /** The counters of all servers on this database, by rule, namespace and server. */
  @GET
  @Path("counters")
  public CompletionStage<Response> counters(
      @QueryParam("search") @DefaultValue("") String search,
      @QueryParam("after") @DefaultValue("") String after,
      @QueryParam("limit") @DefaultValue("50") String limit) {
    return threads.answer(
        () -> {
          StoredCounter last = afterOf(after);
          CounterRegister.Page page =
              administration.counters(
                  search,
                  last == null ? "" : last.key().rule(),
                  last == null ? "" : last.key().app(),
                  last == null ? -1 : last.nodeOffset(),
                  limit(limit, MOST_COUNTERS));
          StoredCounter next = page.last();
          return new CounterPage(
              page.counters().stream().map(administration::item).toList(),
              next == null ? null : tokenOf(next));
        });
  }

  private static int limit(String text, int most) throws AdminRefusal {
    long limit = AdminRequest.number("limit", text);
    if (limit < 1 || limit > most) {
      throw AdminRefusal.badField("limit", "must be 1 to " + most);
    }
    return (int) limit;
  }

  private static String tokenOf(StoredCounter counter) {
    String text = counter.nodeOffset() + "\n" + counter.key().rule() + "\n" + counter.key().app();
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static @Nullable StoredCounter afterOf(String token) throws AdminRefusal {
    if (token.isEmpty()) {
      return null;
    }
    try {
      String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
      String[] parts = text.split("\n", 3);
      return new StoredCounter(
          new CounterKey(parts[1], parts[2]),
          Integer.parseInt(parts[0]),
          new CounterState(0, 0, 0, 0));
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      throw AdminRefusal.badField("after", "must be the \"next\" of the page before");
    }
  }

  /** Has a counter of this server go on above a number: those up to it are in use elsewhere. */
  @POST
  @Path("counters/raise")
  @Consumes(MediaType.APPLICATION_JSON)
  public CompletionStage<Response> raise(InputStream body) {
    return threads.answerLater(
        () -> {
          AdminRequest request = AdminRequest.read(body, Set.of("rule", "app", "to"));
          String rule = request.someText("rule");
          String app = request.someText("app");
          if (Members.checkAppName(app) != null) {
            throw AdminRefusal.badField("app", "is no app_name");
          }
          long to = request.someNumber("to");
          return administration
              .raise(new CounterKey(rule, app), to)
              .thenApply(raised -> new Raised(rule, app, Long.toString(to), raised));
        });
  }

  /** Takes over the counters of another system: see {@link CounterImport}. */
  @POST
  @Path("counters/import")
  @Consumes({"text/tab-separated-values", MediaType.TEXT_PLAIN})
  public CompletionStage<Response> take(
      @QueryParam("servers") @DefaultValue("this") String servers, InputStream body) {
    return threads.answerLater(
        () -> {
          if (!servers.equals("this") && !servers.equals("all")) {
            throw AdminRefusal.badField("servers", "must be this or all");
          }
          return administration.take(CounterImport.read(body), servers.equals("all"));
        });
  }

  /** The blocks that this server has reserved in the last month: who got which range, and when. */
  @GET
  @Path("blocks")
  public CompletionStage<Response> blocks(
      @QueryParam("rule") @DefaultValue("") String rule,
      @QueryParam("app") @DefaultValue("") String app,
      @QueryParam("number") @DefaultValue("") String number,
      @QueryParam("limit") @DefaultValue("100") String limit) {
    return threads.answer(
        () -> {
          OptionalLong wanted =
              number.isEmpty()
                  ? OptionalLong.empty()
                  : OptionalLong.of(AdminRequest.number("number", number));
          int most = limit(limit, MOST_BLOCKS);
          return new Blocks(
              administration.blocks(rule, app, wanted, most).stream().map(this::item).toList());
        });
  }

  private BlockItem item(ReservedBlock block) {
    return new BlockItem(
        time(block.at()),
        block.key().rule(),
        block.key().app(),
        administration.nodeOffset(),
        administration.periodBegin(block).toString(),
        Long.toString(block.first()),
        Long.toString(block.last()),
        Long.toString(block.size()));
  }

  /** The numbers of a counter of a gap-free rule that are held, free or doubtful: for an audit. */
  @GET
  @Path("held")
  public CompletionStage<Response> held(
      @QueryParam("rule") @DefaultValue("") String rule,
      @QueryParam("app") @DefaultValue("") String app,
      @QueryParam("after") @DefaultValue("") String after,
      @QueryParam("limit") @DefaultValue("100") String limit) {
    return threads.answer(
        () -> {
          CounterKey key = new CounterKey(rule, app);
          int most = limit(limit, MOST_HELD);
          long[] last = lastOf(after);
          List<Hold> holds = administration.unconfirmed(key, last[0], last[1], most);
          return new HeldPage(
              holds.stream().map(hold -> item(key, hold)).toList(),
              holds.size() < most ? null : tokenOf(holds.get(holds.size() - 1)));
        });
  }

  private static String tokenOf(Hold hold) {
    return hold.period() + "_" + hold.number();
  }

  /** Period and number, to go on behind. */
  private static long[] lastOf(String token) throws AdminRefusal {
    if (token.isEmpty()) {
      return new long[] {Long.MIN_VALUE, Long.MIN_VALUE};
    }
    try {
      int split = token.indexOf('_');
      return new long[] {
        Long.parseLong(token.substring(0, split)), Long.parseLong(token.substring(split + 1))
      };
    } catch (IndexOutOfBoundsException | NumberFormatException e) {
      throw AdminRefusal.badField("after", "must be the \"next\" of the page before");
    }
  }

  private HeldItem item(CounterKey key, Hold hold) {
    boolean held = hold.state() == HoldState.HELD;
    return new HeldItem(
        administration.periodBegin(key, hold.period()).map(LocalDateTime::toString).orElse(null),
        Long.toString(hold.number()),
        hold.state().name().toLowerCase(Locale.ROOT),
        hold.id().isEmpty() ? null : hold.id(),
        hold.requestId().isEmpty() ? null : hold.requestId(),
        held ? time(Instant.ofEpochSecond(hold.untilSecond())) : null);
  }

  private String time(Instant instant) {
    return instant.atZone(administration.zone()).toOffsetDateTime().toString();
  }

  /** The servers that the database knows, and which of them hold their leases. */
  @GET
  @Path("nodes")
  public CompletionStage<Response> nodes() {
    return threads.answer(this::nodeList);
  }

  private NodeList nodeList() throws StoreException {
    return new NodeList(administration.nodes().stream().map(this::item).toList());
  }

  private NodeItem item(NodeView node) {
    return new NodeItem(
        node.nodeOffset(),
        node.idStep(),
        node.timeZone(),
        node.host(),
        node.pid(),
        node.dataDir(),
        time(node.startedAt()),
        node.leaseUntil().equals(Instant.EPOCH) ? null : time(node.leaseUntil()),
        node.leased(),
        node.nodeOffset() == administration.nodeOffset());
  }

  /** The changes of the rules since the start: who made them, and what came of them. */
  @GET
  @Path("reloads")
  public Response reloads() {
    return AdminAnswer.ok(new Reloads(administration.rules().entries()));
  }
}
