package idserver.reserve;

import idserver.counter.Leftover;
import java.util.List;

/** Giving back what counters had left, at a stop. */
public final class GiveBack {
  /** Leftovers in one transaction, at the most. */
  private static final int BATCH = 500;

  private GiveBack() {}

  /**
   * Gives all back as far as nobody has gone on from it, on the calling thread.
   *
   * @return how many could
   */
  public static int to(BlockStore store, List<Leftover> leftovers) throws StoreException {
    int taken = 0;
    for (int from = 0; from < leftovers.size(); from += BATCH) {
      taken += batch(store, leftovers.subList(from, Math.min(from + BATCH, leftovers.size())));
    }
    return taken;
  }

  private static int batch(BlockStore store, List<Leftover> batch) throws StoreException {
    try {
      return store.giveBack(batch);
    } catch (ConflictException e) {
      if (batch.size() == 1) {
        return 0;
      }
      int taken = 0;
      for (Leftover leftover : batch) {
        taken += batch(store, List.of(leftover));
      }
      return taken;
    }
  }
}
