package idserver.model;

import idserver.counter.CounterKey;
import idserver.counter.Grant;
import idserver.counter.NumberRange;
import idserver.counter.Wish;
import idserver.model.Scenario.Bounds;
import idserver.model.Server.Phase;
import idserver.model.Statement.Stage;
import idserver.reserve.Allocation;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One state of the model, and all steps that lead from it to others. Confined to one thread. */
final class World {
  private static final CounterKey KEY = new CounterKey("rule", "app");

  /** Is told each step. */
  @FunctionalInterface
  interface Steps {
    /**
     * What may happen next.
     *
     * @param next the state after it
     * @param sentence what happens
     */
    void step(World next, Supplier<String> sentence);
  }

  private final Scenario scenario;
  private final Database database;
  // what would take over
  private final Database replica;
  private final Server[] servers;
  // given up by who sent them, and still under way
  private final Statement[] late;
  private final Ledger ledger;
  private int day;
  private boolean cameBackOlder;
  private int kills;
  private int stops;
  private int failovers;
  private int lostAnswers;
  private int lateStatements;
  private int lostFiles;
  private int clockSteps;
  private @Nullable String wrong;
  private byte @Nullable [] copied;

  private World(Scenario scenario) {
    this.scenario = scenario;
    database = new Database(scenario);
    replica = new Database(scenario);
    ledger = new Ledger(scenario);
    servers = new Server[scenario.sites().size()];
    for (int server = 0; server < servers.length; server++) {
      servers[server] = new Server(scenario, server + 1);
    }
    late = new Statement[scenario.bounds().lateStatements()];
    for (int i = 0; i < late.length; i++) {
      late[i] = new Statement(scenario.keys());
    }
  }

  /** The beginning: each node has been there with its first server's file, and nothing is used. */
  static World first(Scenario scenario) {
    World world = new World(scenario);
    Bounds bounds = scenario.bounds();
    world.kills = bounds.kills();
    world.stops = bounds.stops();
    world.failovers = bounds.failovers();
    world.lostAnswers = bounds.lostAnswers();
    world.lateStatements = bounds.lateStatements();
    world.lostFiles = bounds.lostFiles();
    world.clockSteps = bounds.clockSteps();
    for (int server = world.servers.length - 1; server >= 0; server--) {
      int node = scenario.sites().get(server).row();
      world.database.node(node).instance = world.servers[server].instance();
    }
    if (world.failovers > 0) {
      world.replica.copy(world.database);
    }
    return world;
  }

  static World of(Scenario scenario, byte[] state) {
    World world = new World(scenario);
    world.pass(Bytes.toRead(state), false);
    return world;
  }

  /** A state to be changed: this one stays as it is. */
  private World copy() {
    byte[] state = copied;
    if (state == null) {
      state = state(false);
      copied = state;
    }
    return of(scenario, state);
  }

  private byte[] state(boolean swapped) {
    Bytes out = Bytes.toWrite();
    pass(out, swapped);
    return out.written();
  }

  /** The state, the same for all that differ in nothing but who is who. */
  byte[] canonical() {
    byte[] state = state(false);
    if (!scenario.isSymmetric()) {
      return state;
    }
    byte[] other = state(true);
    return Arrays.compare(state, other) <= 0 ? state : other;
  }

  private void pass(Bytes io, boolean swapped) {
    kills = io.pass(kills);
    stops = io.pass(stops);
    failovers = io.pass(failovers);
    lostAnswers = io.pass(lostAnswers);
    lateStatements = io.pass(lateStatements);
    lostFiles = io.pass(lostFiles);
    clockSteps = io.pass(clockSteps);
    day = io.pass(day);
    cameBackOlder = io.pass(cameBackOlder);
    database.pass(io);
    if (failovers > 0) {
      replica.pass(io);
    }
    for (int i = 0; i < servers.length; i++) {
      servers[swapped ? servers.length - 1 - i : i].pass(io);
    }
    for (Statement statement : late) {
      statement.pass(io);
    }
    ledger.pass(io);
  }

  /** What the step to this state did that it must not, or null. */
  @Nullable String wrong() {
    return wrong;
  }

  private void breaks(Law law, String how) {
    if (scenario.laws().contains(law) && wrong == null) {
      wrong = how;
    }
  }

  private String name(int server) {
    return "server " + (char) ('A' + server);
  }

  private int node(int server) {
    return scenario.sites().get(server).row();
  }

  /** Tells every step there is. */
  void steps(Steps steps) {
    for (int server = 0; server < servers.length; server++) {
      switch (servers[server].phase()) {
        case STOPPED -> stepsOfStopped(server, steps);
        case SERVING -> stepsOfServing(server, steps);
        case CLOSED -> lower(server, steps);
        case LOWERED -> giveBack(server, steps);
        case GIVEN_BACK -> lowerAtLast(server, steps);
      }
      if (!servers[server].is(Phase.STOPPED)) {
        stepsOfAlive(server, steps);
      }
    }
    stepsOfDatabase(steps);
    stepsOfTime(steps);
  }

  // ---- the life of a server

  private void stepsOfStopped(int server, Steps steps) {
    Database.Node node = database.node(node(server));
    boolean itsOwn = node.instance == servers[server].instance();
    boolean held = scenario.leased() && node.leased && node.owner != server && !itsOwn;
    if (!held && (itsOwn || !scenario.leased() || scenario.has(Fault.STARTS_WITHOUT_ITS_FILE))) {
      World next = copy();
      next.start(server);
      steps.step(next, () -> name(server) + " starts");
    } else if (!held && isNotOlder(node(server))) {
      // the operator looks after what only he can know, and is right
      World next = copy();
      next.start(server);
      if (!scenario.has(Fault.NEW_FILE_BEGINS_EMPTY)) {
        next.fillFile(server);
      }
      steps.step(
          next,
          () ->
              name(server)
                  + " starts without the node's file: the operator says that the database is not older"
                  + " than what was issued");
    }
    if (lostFiles > 0) {
      World next = copy();
      next.lostFiles--;
      next.servers[server].loseFile(servers.length + 1 + next.lostFiles);
      steps.step(next, () -> name(server) + " loses its disk, and the file on it");
    }
  }

  private boolean isNotOlder(int node) {
    for (int key = 0; key < scenario.keys(); key++) {
      if (!ledger.isCoveredBy(database.row(node, key), key)) {
        return false;
      }
    }
    return true;
  }

  private void start(int server) {
    servers[server].start(day);
    Database.Node node = database.node(node(server));
    node.owner = scenario.leased() ? server : Database.NOBODY;
    node.leased = scenario.leased();
    node.instance = scenario.leased() ? servers[server].instance() : node.instance;
  }

  /** A new file begins with what the rows have. */
  private void fillFile(int server) {
    for (int key = 0; key < scenario.keys(); key++) {
      Row row = database.row(node(server), key);
      servers[server].mark(key).become(row.period(), row.reserved());
    }
  }

  private void stepsOfServing(int server, Steps steps) {
    for (int key = 0; key < scenario.keys(); key++) {
      issue(server, key, steps);
    }
    if (!servers[server].isLost() && servers[server].writing().is(Stage.NONE)) {
      for (int wishes = 1; wishes < 1 << scenario.keys(); wishes++) {
        reserve(server, wishes, steps);
      }
    }
    if (stops > 0) {
      World next = copy();
      next.stops--;
      next.close(server);
      steps.step(next, () -> name(server) + " is stopped, and closes its counters");
    }
  }

  private void close(int server) {
    Server stopped = servers[server];
    stopped.to(Phase.CLOSED);
    for (int key = 0; key < scenario.keys(); key++) {
      Counter counter = stopped.counter(key);
      counter.close(scenario.has(Fault.GIVE_BACK_ACROSS_A_GAP));
      if (!scenario.has(Fault.GIVE_BACK_BEFORE_CLOSE)) {
        counter.forget();
      }
    }
  }

  private void stepsOfAlive(int server, Steps steps) {
    if (scenario.has(Fault.GIVE_BACK_BEFORE_CLOSE) && !servers[server].is(Phase.SERVING)) {
      for (int key = 0; key < scenario.keys(); key++) {
        issue(server, key, steps);
      }
    }
    commit(server, servers[server].writing(), World::writing, steps);
    commit(server, servers[server].givingBack(), World::givingBack, steps);
    remember(server, steps);
    if (kills > 0) {
      World next = copy();
      next.kills--;
      next.servers[server].end();
      steps.step(next, () -> name(server) + " is killed");
    }
    if (scenario.leased()) {
      renew(server, steps);
    }
  }

  private void renew(int server, Steps steps) {
    Database.Node node = database.node(node(server));
    boolean owns = node.owner == server;
    if (servers[server].isLost() || (owns && node.leased)) {
      return;
    }
    World next = copy();
    if (owns || (!node.leased && node.instance == servers[server].instance())) {
      Database.Node renewed = next.database.node(node(server));
      renewed.owner = server;
      renewed.leased = true;
      steps.step(next, () -> name(server) + " renews its lease");
    } else {
      next.servers[server].lose();
      steps.step(next, () -> name(server) + " finds that another server is the node");
    }
  }

  private void issue(int server, int key, Steps steps) {
    Counter counter = servers[server].counter(key);
    if (!counter.hasNumber()) {
      return;
    }
    World next = copy();
    int number = next.servers[server].counter(key).take();
    next.issued(server, key, counter.period(), number);
    steps.step(
        next,
        () ->
            name(server) + " issues " + number + ofKey(key) + " of day " + (counter.period() + 1));
  }

  private String ofKey(int key) {
    return scenario.keys() == 1 ? "" : " of counter " + (key + 1);
  }

  private void issued(int server, int key, int period, int number) {
    int node = node(server);
    if (!ledger.issue(key, period, number)) {
      breaks(Law.ONCE, number + ofKey(key) + " of day " + (period + 1) + " was issued twice");
    }
    if (!ledger.wasCommitted(node, key, period, number)) {
      breaks(Law.DURABLE, number + " was issued and never committed");
    }
    if (servers[server].mark(key).isBehind(period, number)) {
      breaks(Law.DURABLE, number + " was issued and is not in the file of " + name(server));
    }
    if (!servers[server].issues(period)) {
      breaks(Law.PERIODS_IN_ORDER, "day " + (period + 1) + " came back");
    }
    if ((number - scenario.range(server).first()) % scenario.step() != 0) {
      breaks(Law.OWN_NUMBERS, number + " belongs to another server");
    }
  }

  // ---- a reservation

  /** The writer reads the rows of those counters that wish for a block, and composes the writes. */
  private void reserve(int server, int wishes, Steps steps) {
    for (int key = 0; key < scenario.keys(); key++) {
      if ((wishes & 1 << key) != 0 && servers[server].counter(key).hasAhead()) {
        return;
      }
    }
    World next = copy();
    next.servers[server].sees(next.servers[server].day(day));
    Statement statement = next.servers[server].writing();
    statement.begin(node(server), false);
    for (int key = 0; key < scenario.keys(); key++) {
      if ((wishes & 1 << key) != 0) {
        next.allocate(server, key, statement);
      }
    }
    if (statement.isEmpty()) {
      // nothing is left of this day
      return;
    }
    if (scenario.has(Fault.GRANT_BEFORE_COMMIT)) {
      next.handOut(server, statement);
    }
    if (scenario.has(Fault.FILE_BEFORE_COMMIT)) {
      next.raiseMarks(server, statement);
    }
    steps.step(
        next,
        () ->
            name(server)
                + " reads: "
                + database
                + "; it is going to write "
                + statement
                + (scenario.has(Fault.GRANT_BEFORE_COMMIT) ? ", and hands that out" : "")
                + (scenario.has(Fault.FILE_BEFORE_COMMIT) ? ", and has that in its file" : ""));
  }

  private void allocate(int server, int key, Statement statement) {
    Server writer = servers[server];
    Row row = database.row(node(server), key);
    Row known = new Row();
    known.raise(writer.counter(key).period(), writer.counter(key).reserved());
    if (!scenario.has(Fault.RESTARTS_FROM_THE_DATABASE)) {
      known.raise(writer.mark(key).period(), writer.mark(key).reserved());
    }
    int today = writer.day(day);
    boolean believesRow = !scenario.has(Fault.BELIEVES_THE_CLOCK) || row.period() == today;
    boolean believesKnown =
        known.state() != null
            && (!scenario.has(Fault.BELIEVES_THE_CLOCK) || known.period() == today);
    if (row.isBehind(known.period(), known.reserved()) && !cameBackOlder) {
      breaks(Law.NO_FALSE_ALARM, name(server) + " says that the database is older than it was");
    }
    Wish wish =
        new Wish(
            KEY,
            scenario.numbering(server),
            today,
            Scenario.BLOCK,
            believesKnown ? known.period() : Long.MIN_VALUE,
            0,
            believesKnown ? known.reserved() : NumberRange.NOTHING_RESERVED,
            0);
    Grant grant = Allocation.next(believesRow ? row.state() : null, wish);
    if (grant.size() > 0) {
      statement.add(
          key,
          (int) grant.period(),
          (int) grant.first(),
          (int) Allocation.after(grant, wish).reserved());
    }
  }

  private static Statement writing(World world, int server) {
    return world.servers[server].writing();
  }

  private static Statement givingBack(World world, int server) {
    return world.servers[server].givingBack();
  }

  private interface Which {
    Statement of(World world, int server);
  }

  /** What may become of a statement that has been sent. */
  private void commit(int server, Statement sent, Which which, Steps steps) {
    if (!sent.is(Stage.READ)) {
      return;
    }
    boolean applies = sent.isCurrent() || isBlind(sent);
    World next = copy();
    if (applies) {
      next.apply(which.of(next, server));
      next.committed(server, which.of(next, server));
      steps.step(next, () -> name(server) + " writes " + sent + ", and that is committed");
    } else {
      next.failed(server, which.of(next, server));
      steps.step(next, () -> name(server) + " finds another version, and has not written " + sent);
    }
    fail(server, sent, which, steps);
    if (applies && lostAnswers > 0) {
      World lost = copy();
      lost.lostAnswers--;
      lost.apply(which.of(lost, server));
      lost.inDoubt(server, which.of(lost, server));
      steps.step(
          lost,
          () -> name(server) + " writes " + sent + ", that is committed, and the answer is lost");
    }
    if (applies && lateStatements > 0) {
      World delayed = copy();
      delayed.lateStatements--;
      delayed.late[delayed.lateStatements].copy(sent);
      delayed.failed(server, which.of(delayed, server));
      steps.step(
          delayed, () -> name(server) + " gives up writing " + sent + ", which is still under way");
    }
  }

  private void fail(int server, Statement sent, Which which, Steps steps) {
    World next = copy();
    next.inDoubt(server, which.of(next, server));
    steps.step(next, () -> name(server) + " is not answered, and has not written " + sent);
  }

  private boolean isBlind(Statement statement) {
    return scenario.has(statement.givesBack() ? Fault.BLIND_GIVE_BACK : Fault.BLIND_WRITE);
  }

  private void apply(Statement statement) {
    for (int key = 0; key < scenario.keys(); key++) {
      Statement.Part part = statement.part(key);
      if (part.there) {
        database.row(statement.node(), key).become(part.period, part.last);
        ledger.commit(statement.node(), key, part.period, part.last);
        for (Server server : servers) {
          outdate(server.writing(), statement, key);
          outdate(server.givingBack(), statement, key);
        }
        for (Statement other : late) {
          outdate(other, statement, key);
        }
      }
    }
    for (Statement other : late) {
      if (!other.isCurrent() && !isBlind(other)) {
        // it is not going to change anything any more
        other.end();
      }
    }
  }

  private static void outdate(Statement other, Statement applied, int key) {
    if (other != applied) {
      other.outdate(applied.node(), key);
    }
  }

  /** The server knows that it is committed. */
  private void committed(int server, Statement statement) {
    if (!statement.givesBack()) {
      statement.to(Stage.COMMITTED);
    } else if (scenario.has(Fault.GIVE_BACK_ROW_FIRST)) {
      statement.end();
      servers[server].to(Phase.GIVEN_BACK);
    } else {
      leave(server);
    }
  }

  /** The server knows nothing. */
  private void inDoubt(int server, Statement statement) {
    if (scenario.has(Fault.ADOPTS_WHAT_IS_IN_DOUBT)) {
      committed(server, statement);
    } else {
      failed(server, statement);
    }
  }

  private void failed(int server, Statement statement) {
    if (statement.givesBack()) {
      leave(server);
    } else {
      statement.end();
    }
  }

  /** A committed block is remembered, and then handed out. */
  private void remember(int server, Steps steps) {
    Statement statement = servers[server].writing();
    if (statement.is(Stage.COMMITTED) && scenario.has(Fault.GRANT_BEFORE_FILE)) {
      World next = copy();
      next.handOut(server, next.servers[server].writing());
      next.servers[server].writing().to(Stage.HANDED_OUT);
      steps.step(next, () -> name(server) + " hands out " + statement);
    } else if (statement.is(Stage.COMMITTED)) {
      World next = copy();
      next.raiseMarks(server, statement);
      next.handOut(server, statement);
      next.servers[server].writing().end();
      steps.step(
          next, () -> name(server) + " has its file hold " + statement + ", and hands it out");
      World killed = copy();
      killed.raiseMarks(server, statement);
      if (kills > 0) {
        killed.kills--;
        killed.servers[server].end();
        steps.step(
            killed, () -> name(server) + " has its file hold " + statement + ", and is killed");
      }
    } else if (statement.is(Stage.HANDED_OUT)) {
      World next = copy();
      next.raiseMarks(server, statement);
      next.servers[server].writing().end();
      steps.step(next, () -> name(server) + " has its file hold " + statement);
    }
  }

  private void raiseMarks(int server, Statement statement) {
    for (int key = 0; key < scenario.keys(); key++) {
      Statement.Part part = statement.part(key);
      if (part.there) {
        servers[server].mark(key).raise(part.period, part.last);
      }
    }
  }

  private void handOut(int server, Statement statement) {
    if (!servers[server].is(Phase.SERVING) || statement.isHandedOut()) {
      return;
    }
    for (int key = 0; key < scenario.keys(); key++) {
      if (statement.part(key).there) {
        servers[server].counter(key).granted(statement.part(key));
      }
    }
    statement.handedOut();
  }

  // ---- giving back

  private void lower(int server, Steps steps) {
    World next = copy();
    next.servers[server].to(Phase.LOWERED);
    if (scenario.has(Fault.GIVE_BACK_ROW_FIRST) || scenario.has(Fault.GIVE_BACK_KEEPS_THE_FILE)) {
      steps.step(next, () -> name(server) + " leaves its file as it is");
      return;
    }
    next.lowerMarks(server);
    steps.step(next, () -> name(server) + " has its file promise no more than was issued");
  }

  private void lowerAtLast(int server, Steps steps) {
    World next = copy();
    next.lowerMarks(server);
    next.leave(server);
    steps.step(
        next, () -> name(server) + " has its file promise no more than was issued, and ends");
  }

  private void lowerMarks(int server) {
    Server closed = servers[server];
    for (int key = 0; key < scenario.keys(); key++) {
      Counter counter = closed.counter(key);
      Row mark = closed.mark(key);
      if (counter.leaves() && mark.is(counter.period(), counter.reserved())) {
        mark.become(counter.period(), counter.issued());
      }
    }
  }

  private void giveBack(int server, Steps steps) {
    if (!servers[server].givingBack().is(Stage.NONE)) {
      return;
    }
    World next = copy();
    Statement statement = next.servers[server].givingBack();
    statement.begin(node(server), true);
    for (int key = 0; key < scenario.keys(); key++) {
      Counter counter = servers[server].counter(key);
      Row row = database.row(node(server), key);
      boolean same = row.is(counter.period(), counter.reserved());
      if (counter.leaves() && (same || scenario.has(Fault.BLIND_GIVE_BACK))) {
        statement.add(key, counter.period(), 0, counter.issued());
      }
    }
    if (statement.isEmpty()) {
      next.leave(server);
      steps.step(next, () -> name(server) + " has nothing to give back, and ends");
    } else {
      steps.step(
          next, () -> name(server) + " reads: " + database + "; it is going to write " + statement);
    }
  }

  private void leave(int server) {
    Database.Node node = database.node(node(server));
    if (node.owner == server) {
      node.owner = Database.NOBODY;
      node.leased = false;
    }
    servers[server].end();
  }

  // ---- the database and time

  private void stepsOfDatabase(Steps steps) {
    for (int i = 0; i < late.length; i++) {
      Statement statement = late[i];
      if (statement.is(Stage.READ)) {
        World next = copy();
        next.apply(next.late[i]);
        next.late[i].end();
        steps.step(next, () -> "the late statement arrives, and writes " + statement);
      }
    }
    if (failovers == 0) {
      return;
    }
    World caughtUp = copy();
    caughtUp.replica.copy(database);
    steps.step(caughtUp, () -> "the replica catches up");
    World next = copy();
    next.failOver();
    steps.step(next, () -> "the replica takes over: " + replica);
  }

  /** All that was under way ends with the old database. */
  private void failOver() {
    failovers--;
    cameBackOlder = true;
    database.copy(replica);
    if (failovers == 0) {
      replica.copy(new Database(scenario));
    }
    for (int server = 0; server < servers.length; server++) {
      if (servers[server].writing().is(Stage.READ)) {
        servers[server].writing().end();
      }
      if (servers[server].givingBack().is(Stage.READ)) {
        leave(server);
      }
    }
    for (Statement statement : late) {
      statement.end();
    }
  }

  private void stepsOfTime(Steps steps) {
    if (clockSteps > 0) {
      World next = copy();
      next.clockSteps--;
      next.day = Ledger.DAYS - 1 - day;
      steps.step(
          next, () -> day == 0 ? "midnight passes" : "all clocks are set back over midnight");
    }
    if (scenario.leased() && servers.length > 1) {
      for (int node = 0; node < scenario.rows(); node++) {
        if (database.node(node).leased) {
          World next = copy();
          next.database.node(node).leased = false;
          int owner = database.node(node).owner;
          steps.step(next, () -> name(owner) + " pauses, and its lease runs out");
        }
      }
    }
  }
}
