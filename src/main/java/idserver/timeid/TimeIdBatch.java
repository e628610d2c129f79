package idserver.timeid;

/**
 * Ids that were taken at once, in the order of their making, or the reason why there are none.
 * Immutable.
 */
public final class TimeIdBatch {
  private final TimeIds ids;
  private final long first;
  private final long stride;
  private final int size;

  TimeIdBatch(TimeIds ids, long first, long stride, int size) {
    this.ids = ids;
    this.first = first;
    this.stride = stride;
    this.size = size;
  }

  /** A batch that was refused. */
  TimeIdBatch(TimeIds ids, long refusalCode) {
    this(ids, refusalCode, 0, 0);
  }

  /** Whether there are no ids, for the reason of {@link #refusal}. */
  public boolean isRefused() {
    return size == 0;
  }

  /** Why there are no ids. To be asked when {@link #isRefused}. */
  public TimeIdRefusal refusal() {
    return TimeIdRefusal.of(first);
  }

  /** How many ids there are; 0 when they were refused. */
  public int size() {
    return size;
  }

  /** The id at that place, 0 to {@code size - 1}. */
  public long idAt(int place) {
    if (place < 0 || place >= size) {
      throw new IndexOutOfBoundsException("place=" + place + ", size=" + size);
    }
    return ids.idOf(first + place * stride);
  }

  /** All ids, in a new array. */
  public long[] toArray() {
    long[] array = new long[size];
    copyTo(array);
    return array;
  }

  /** Writes all ids to the beginning of that array, which has room for them. */
  public void copyTo(long[] target) {
    for (int place = 0; place < size; place++) {
      target[place] = ids.idOf(first + place * stride);
    }
  }

  /** The last state that this batch takes. */
  long end() {
    return first + (size - 1L) * stride;
  }

  /** The code of the refusal. */
  long code() {
    return first;
  }
}
