package idserver.timeid;

/**
 * Ids taken ahead in batches, so that most of them cost neither a look at the clock nor a
 * compare-and-set. Not thread-safe: confined to its owner. Many caches, one for each thread, may
 * share one {@link SharedTimeIds}.
 *
 * <p>What it costs: an id has the time at which its batch was taken, and ids of several caches
 * increase within each cache alone. Who has been idle for long can {@link #drop} what is left.
 */
public final class TimeIdCache {
  private final TimeIds source;
  private final long[] ids;
  private int next;

  /**
   * @param batchSize how many ids to take at once, 1 to the source's {@link TimeIds#maxBatch}
   */
  public TimeIdCache(TimeIds source, int batchSize) {
    source.checkCount(batchSize);
    this.source = source;
    this.ids = new long[batchSize];
    this.next = batchSize;
  }

  /**
   * The next id.
   *
   * @throws TimeIdException when there is none
   */
  public long next() {
    long id = tryNext();
    if (id < 0) {
      throw new TimeIdException(TimeIdRefusal.of(id));
    }
    return id;
  }

  /** The next id, or the code of a {@link TimeIdRefusal}, which is below 0. */
  public long tryNext() {
    return next < ids.length ? ids[next++] : refill();
  }

  private long refill() {
    TimeIdBatch batch = source.tryNext(ids.length);
    if (batch.isRefused()) {
      return batch.code();
    }
    batch.copyTo(ids);
    next = 1;
    return ids[0];
  }

  /** How many ids are in hand. */
  public int inHand() {
    return ids.length - next;
  }

  /** Drops what is in hand: the next id is of now. */
  public void drop() {
    next = ids.length;
  }
}
