package idserver.issue;

import idserver.counter.CounterKey;
import idserver.rule.Ids;
import idserver.timeid.SharedTimeIds;
import idserver.timeid.TimeIdBatch;
import idserver.timeid.TimeIdRefusal;
import idserver.timeid.TimeIdSettings;

/** Time ids for requests. Thread-safe; never waits. */
final class TimeIdIssue {
  private final TimeIdSource source;
  private final NewNames newNames;

  TimeIdIssue(TimeIdSource source, NewNames newNames) {
    this.source = source;
    this.newNames = newNames;
  }

  /** Issues ids of a rule of type {@code time}: tells the receiver now. */
  void issue(CounterKey kind, TimeIdSettings settings, int count, Ids ids, Receiver receiver) {
    if (!source.has(kind) && !newNames.allows(receiver.source())) {
      receiver.refused(Issuance.TOO_MANY_OF_ONE);
      return;
    }
    TimeIdBatch batch;
    do {
      SharedTimeIds timeIds = source.of(kind, settings);
      if (timeIds == null) {
        receiver.refused(Issuance.TOO_MANY_NAMES);
        return;
      }
      if (count > timeIds.maxBatch()) {
        receiver.refused(
            new Refusal(
                RefusalKind.BAD_FIELD,
                "count: at most " + timeIds.maxBatch() + " ids of this rule"));
        return;
      }
      batch = timeIds.tryNext(count);
      // retired: a reload has just put another generator in its place
    } while (batch.isRefused() && batch.refusal() == TimeIdRefusal.RETIRED);
    if (batch.isRefused()) {
      receiver.refused(refusal(batch.refusal()));
      return;
    }
    ids.clear();
    for (int place = 0; place < batch.size(); place++) {
      ids.add(batch.idAt(place));
    }
    receiver.issued(ids);
  }

  /** One id, above 0, or the code of a {@link TimeIdRefusal}. */
  long next(CounterKey kind, TimeIdSettings settings) {
    long id;
    do {
      SharedTimeIds ids = source.of(kind, settings);
      if (ids == null) {
        return TimeIdRefusal.BUSY.code();
      }
      id = ids.tryNext();
    } while (id == TimeIdRefusal.RETIRED.code());
    return id;
  }

  static Refusal refusal(TimeIdRefusal refusal) {
    return switch (refusal) {
      case BUSY, RETIRED ->
          new Refusal(RefusalKind.TOO_MANY, "the milliseconds are used up: ask again in a moment");
      case UNPROMISED -> Issuance.UNAVAILABLE;
      case EXHAUSTED -> new Refusal(RefusalKind.EXHAUSTED, "the 41 bits of time are used up");
    };
  }
}
