package idserver.store;

import idserver.counter.CounterKey;
import idserver.gapfree.Hold;
import idserver.gapfree.HoldState;
import jakarta.persistence.Column;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.NamedQuery;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A number of a gap-free counter, and whose it is. Written by who is alone on the counter's row;
 * its version makes every change a compare-and-set all the same.
 */
@Entity
@Table(name = "id_server_held")
@NamedQuery(
    name = HoldRow.OF_REQUESTS,
    query =
        "select h from HoldRow h where h.id.ruleName = :rule and h.id.appName = :app"
            + " and h.requestId in :requests")
// two questions, each a range of the index
@NamedQuery(
    name = HoldRow.FREE,
    query =
        "select h from HoldRow h where h.id.ruleName = :rule and h.id.appName = :app"
            + " and h.state = 'FREE' and h.period = :period order by h.number")
@NamedQuery(
    name = HoldRow.LAPSED,
    query =
        "select h from HoldRow h where h.id.ruleName = :rule and h.id.appName = :app"
            + " and h.state = 'HELD' and h.until <= :now and h.period = :period order by h.number")
@NamedQuery(
    name = HoldRow.FORGETTABLE,
    query =
        "select h from HoldRow h where h.id.ruleName = :rule and h.id.appName = :app"
            + " and h.state = 'CONFIRMED' and h.until <= :now order by h.until")
@NamedQuery(
    name = HoldRow.OPEN,
    query =
        "select h from HoldRow h where h.id.ruleName = :rule and h.id.appName = :app"
            + " and h.state in ('HELD', 'FREE')")
@NamedQuery(
    name = HoldRow.UNCONFIRMED,
    query =
        "select h from HoldRow h where h.id.ruleName = :rule and h.id.appName = :app"
            + " and h.state in ('HELD', 'FREE', 'DOUBTFUL') and (h.period > :period"
            + " or (h.period = :period and h.number > :number)) order by h.period, h.number")
@NamedQuery(
    name = HoldRow.LAST_SLOT,
    query =
        "select max(h.id.slot) from HoldRow h where h.id.ruleName = :rule and h.id.appName = :app")
public class HoldRow {
  static final String OF_REQUESTS = "HoldRow.ofRequests";
  static final String FREE = "HoldRow.free";
  static final String LAPSED = "HoldRow.lapsed";
  static final String FORGETTABLE = "HoldRow.forgettable";
  static final String OPEN = "HoldRow.open";
  static final String UNCONFIRMED = "HoldRow.unconfirmed";
  static final String LAST_SLOT = "HoldRow.lastSlot";

  /** The slot of no number, in a period that there is not. */
  private static final long CHANGES_SLOT = 0;

  private static final long CHANGES_PERIOD = Long.MIN_VALUE;
  private static final String CHANGES = "CHANGES";

  @EmbeddedId private HoldRowId id = new HoldRowId();

  @Column(name = "period", nullable = false)
  private long period;

  @Column(name = "number", nullable = false)
  private long number;

  @Column(name = "state", nullable = false)
  private String state = "";

  // null where nobody has it: the requests of a counter differ
  @Column(name = "request_id")
  private byte @Nullable [] requestId;

  @Column(name = "id_text", nullable = false)
  private byte[] text = {};

  @Column(name = "made_at", nullable = false)
  private long madeAt;

  @Column(name = "held_until", nullable = false)
  private long until;

  @Version
  @Column(name = "version", nullable = false)
  private long version;

  /** For JPA. */
  protected HoldRow() {}

  /** The row that tells how often anything of the counter has changed. */
  HoldRow(CounterKey key, long changes) {
    this.id = changesOf(key);
    this.period = CHANGES_PERIOD;
    this.state = CHANGES;
    this.number = changes;
  }

  static HoldRowId changesOf(CounterKey key) {
    return new HoldRowId(key.rule(), key.app(), CHANGES_SLOT);
  }

  long count() {
    return number;
  }

  void count(long changes) {
    number = changes;
  }

  HoldRow(CounterKey key, Hold hold) {
    this.id = new HoldRowId(key.rule(), key.app(), hold.slot());
    become(hold);
  }

  long slot() {
    return id.slot();
  }

  CounterKey key() {
    return new CounterKey(id.ruleName(), id.appName());
  }

  Hold hold() {
    byte[] request = requestId;
    return new Hold(
        id.slot(),
        period,
        number,
        HoldState.valueOf(state),
        request == null ? "" : new String(request, StandardCharsets.UTF_8),
        new String(text, StandardCharsets.UTF_8),
        madeAt,
        until);
  }

  final void become(Hold hold) {
    period = hold.period();
    number = hold.number();
    state = hold.state().name();
    requestId = hold.requestId().isEmpty() ? null : CounterRowId.bytes(hold.requestId());
    text = CounterRowId.bytes(hold.id());
    madeAt = hold.epochSecond();
    until = hold.untilSecond();
  }

  long version() {
    return version;
  }
}
