package idserver.counter;

import java.util.concurrent.atomic.AtomicLongFieldUpdater;

/**
 * Numbers that are durable and may be issued, each once. Thread-safe, without a lock: a number is
 * taken by one atomic increment.
 */
final class Block {
  /** What a counter holds that has no block: it serves nobody. */
  static final Block NONE =
      new Block(
          new Numbering(new NumberRange(0, 1, 1, 0), Period.NEVER, 1),
          new Grant(Long.MIN_VALUE, 0, 0, 0, 0));

  // not an object of its own: there are two blocks to a counter, and a hundred thousand counters
  private static final AtomicLongFieldUpdater<Block> TAKEN =
      AtomicLongFieldUpdater.newUpdater(Block.class, "taken");

  private final Numbering numbering;
  private final long period;
  private final long first;
  private final long size;
  private final long step;
  // counts takers and not numbers, so that those who come too late cannot overflow it
  private volatile long taken;

  Block(Numbering numbering, Grant grant) {
    this.numbering = numbering;
    this.period = grant.period();
    this.first = grant.first();
    this.size = grant.size();
    this.step = grant.stepIn(numbering.range());
  }

  /**
   * Whether this block is for that range and period, and for periods as long: what is issued of it
   * is of a time before the end that it was reserved until.
   */
  @SuppressWarnings("ReferenceEquality") // that is nearly always so, and asked for each number
  boolean serves(Numbering wanted, long period) {
    return this.period == period && (numbering == wanted || isOfTheKind(wanted));
  }

  private boolean isOfTheKind(Numbering wanted) {
    return numbering.range().equals(wanted.range()) && numbering.period().equals(wanted.period());
  }

  /** Whether its numbers are of that range and period. */
  boolean isOf(NumberRange range, long period) {
    return this.period == period && numbering.range().equals(range);
  }

  /** The place in the block that the caller, and nobody else, has taken: beyond it when empty. */
  long take() {
    return TAKEN.getAndIncrement(this);
  }

  /** Whether that place holds a number. */
  boolean holds(long place) {
    return place < size;
  }

  long numberAt(long place) {
    return first + place * step;
  }

  /** Exactly one taker sees this place: it asks for the next block, half a block ahead. */
  boolean isLowWater(long place) {
    return place == size / 2;
  }

  boolean isEmpty() {
    return taken >= size;
  }

  /** How many numbers have been taken. */
  long used() {
    return Math.min(taken, size);
  }

  /** Takes all that is left at once and answers how many had been taken before. */
  long close() {
    return Math.min(TAKEN.getAndSet(this, size), size);
  }

  /** Whether this block begins right behind the other. */
  boolean follows(Block other) {
    return step == other.step
        && serves(other.numbering, other.period)
        && lastOf(0) == other.lastOf(other.size);
  }

  long period() {
    return period;
  }

  /** Whether it comes from the row that all servers share. */
  boolean shared() {
    return numbering.range().shared();
  }

  long size() {
    return size;
  }

  /**
   * What stays promised when so many have been taken. It may lie between two numbers: those before
   * an untouched block may have been of another residue.
   */
  long promised(long used) {
    return used == 0 ? first - 1 : lastOf(used);
  }

  /** The number before place {@code used}: the last that was issued. */
  long lastOf(long used) {
    return first + (used - 1) * step;
  }
}
