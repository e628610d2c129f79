package idserver.reserve;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Those who wait for the store: how many of them may, and how long each is going to. Thread-safe.
 * Who lets one out has to tell it, so that each is told once.
 */
public final class WaitingRoom<G extends WaitingRoom.Guest> {
  /** One who waits; told apart by identity. */
  public interface Guest {
    /** When it wants to be told at the latest, on the clock of {@link System#nanoTime}. */
    long deadlineNanos();
  }

  private final int most;
  private final Set<G> guests = ConcurrentHashMap.newKeySet();
  private final AtomicInteger size = new AtomicInteger();
  private volatile @Nullable Thread expiring;

  /**
   * @param most how many may wait at once, 1 or more
   */
  public WaitingRoom(int most) {
    this.most = most;
  }

  /** Lets one in; false when there are too many. */
  public boolean enter(G guest) {
    if (size.incrementAndGet() > most) {
      size.decrementAndGet();
      return false;
    }
    guests.add(guest);
    LockSupport.unpark(expiring);
    return true;
  }

  /** Lets one out; false when somebody else has. */
  public boolean leave(G guest) {
    boolean left = guests.remove(guest);
    if (left) {
      size.decrementAndGet();
    }
    return left;
  }

  /** Whether it still waits. */
  public boolean holds(G guest) {
    return guests.contains(guest);
  }

  /** Has each looked at who waits; those that come meanwhile perhaps. */
  public void forEach(Consumer<G> look) {
    guests.forEach(look);
  }

  /**
   * Waits while nobody is here, and then so much longer. For the one thread that calls {@link
   * #expire}; returns early when that is interrupted.
   */
  public void awaitGuests(long nanos) {
    expiring = Thread.currentThread();
    if (size.get() == 0) {
      LockSupport.park(this);
    }
    LockSupport.parkNanos(this, nanos);
  }

  /**
   * Looks for those whose deadline has passed. To be called every few milliseconds.
   *
   * @param late is to let them out
   */
  public void expire(long nowNanos, Consumer<G> late) {
    for (G guest : guests) {
      if (guest.deadlineNanos() - nowNanos <= 0) {
        late.accept(guest);
      }
    }
  }

  /** How many wait. */
  public int size() {
    return size.get();
  }
}
