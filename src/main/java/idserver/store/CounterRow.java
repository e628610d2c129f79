package idserver.store;

import idserver.counter.CounterKey;
import idserver.reserve.CounterState;
import jakarta.persistence.Column;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.NamedQuery;
import jakarta.persistence.Table;
import jakarta.persistence.Version;

/**
 * One counter's reservation, a row for each (rule, app, node). Its version makes every change a
 * compare-and-set.
 */
@Entity
@Table(name = "id_server_counter")
// two questions, each a range of the primary key: of both in one H2 would read all rows before
@NamedQuery(
    name = CounterRow.FOLLOWING_OF_RULE,
    query =
        "select r from CounterRow r where r.id.nodeOffset in (:node, -1) and r.id.ruleName = :rule"
            + " and r.id.appName > :app order by r.id.ruleName, r.id.appName")
@NamedQuery(
    name = CounterRow.FOLLOWING_RULES,
    query =
        "select r from CounterRow r where r.id.nodeOffset in (:node, -1) and r.id.ruleName > :rule"
            + " order by r.id.ruleName, r.id.appName")
// three questions, for the same reason: the rows of all servers, from a key on
@NamedQuery(
    name = CounterRow.NEXT_NODES,
    query =
        "select r from CounterRow r where r.id.ruleName = :rule and r.id.appName = :app"
            + " and r.id.nodeOffset > :node order by r.id.nodeOffset")
@NamedQuery(
    name = CounterRow.NEXT_APPS,
    query =
        "select r from CounterRow r where r.id.ruleName = :rule and r.id.appName > :app"
            + " order by r.id.ruleName, r.id.appName, r.id.nodeOffset")
@NamedQuery(
    name = CounterRow.NEXT_RULES,
    query =
        "select r from CounterRow r where r.id.ruleName > :rule"
            + " order by r.id.ruleName, r.id.appName, r.id.nodeOffset")
@NamedQuery(
    name = CounterRow.NODES_OF_RULE,
    query =
        "select r.id.nodeOffset from CounterRow r where r.id.ruleName = :rule"
            + " and r.id.nodeOffset between :lowest and :highest")
@NamedQuery(
    name = CounterRow.BY_KEY,
    // the whole key in one list, in the order of the primary key: for a list of names alone H2
    // would
    // read all rows of the rule
    query =
        "select r from CounterRow r where (r.id.ruleName, r.id.appName, r.id.nodeOffset) in :keys")
public class CounterRow {
  static final String BY_KEY = "CounterRow.byKey";
  static final String FOLLOWING_OF_RULE = "CounterRow.followingOfRule";
  static final String FOLLOWING_RULES = "CounterRow.followingRules";
  static final String NEXT_NODES = "CounterRow.nextNodes";
  static final String NEXT_APPS = "CounterRow.nextApps";
  static final String NODES_OF_RULE = "CounterRow.nodesOfRule";
  static final String NEXT_RULES = "CounterRow.nextRules";

  /** The node of a row that all servers share. */
  static final int SHARED = -1;

  @EmbeddedId private CounterRowId id = new CounterRowId();

  @Column(name = "period", nullable = false)
  private long period;

  @Column(name = "period_end", nullable = false)
  private long periodEnd;

  @Column(name = "reserved", nullable = false)
  private long reserved;

  @Column(name = "last_time", nullable = false)
  private long lastTime;

  /** How many servers its numbers are shared out among; 0 where an earlier version wrote it. */
  @Column(name = "id_step", nullable = false)
  private int idStep;

  @Version
  @Column(name = "version", nullable = false)
  private long version;

  /** For JPA. */
  protected CounterRow() {}

  CounterRow(CounterRowId id, CounterState state, int idStep) {
    this.id = id;
    this.idStep = idStep;
    become(state);
  }

  CounterRowId id() {
    return id;
  }

  CounterKey key() {
    return new CounterKey(id.ruleName(), id.appName());
  }

  int nodeOffset() {
    return id.nodeOffset();
  }

  CounterState state() {
    return new CounterState(period, periodEnd, reserved, lastTime);
  }

  /**
   * How many servers its numbers are shared out among.
   *
   * @param configured what an earlier version, which did not note it, went by
   */
  int idStep(int configured) {
    return idStep == 0 ? configured : idStep;
  }

  /** Notes that its numbers are shared out among so many servers. */
  void sharedOutAmong(int servers) {
    idStep = servers;
  }

  final void become(CounterState state) {
    period = state.period();
    periodEnd = state.until();
    reserved = state.reserved();
    lastTime = state.epochSecond();
  }

  long version() {
    return version;
  }
}
