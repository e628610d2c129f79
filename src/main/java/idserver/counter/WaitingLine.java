package idserver.counter;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The requests parked at one counter, oldest first. Confined to its counter's lock. */
final class WaitingLine {
  // null where nobody waits, which is most counters most of the time
  private @Nullable ArrayDeque<Waiting> requests;
  private @Nullable Numbering numbering;

  void add(Waiting request, Numbering numbering) {
    if (requests == null) {
      requests = new ArrayDeque<>(4);
    }
    requests.addLast(request);
    this.numbering = numbering;
  }

  boolean isEmpty() {
    return requests == null;
  }

  /** What the latest of them draws by: after a reload it may differ from what is wanted. */
  @Nullable Numbering numbering() {
    return isEmpty() ? null : numbering;
  }

  /** How many numbers they are going to draw. */
  long demand() {
    long numbers = 0;
    if (requests != null) {
      for (Waiting request : requests) {
        numbers += request.demand();
      }
    }
    return numbers;
  }

  List<Waiting> takeAll() {
    return take(request -> true);
  }

  /** Takes out those whom so many numbers can serve, and always one. */
  List<Waiting> takeFor(long numbers) {
    long[] left = {numbers};
    return take(
        request -> {
          boolean takes = left[0] > 0;
          left[0] -= request.demand();
          return takes;
        });
  }

  /** Takes out those whose deadline has passed. */
  List<Waiting> takeLate(long nowNanos) {
    return take(request -> request.deadlineNanos() - nowNanos <= 0);
  }

  private List<Waiting> take(Predicate<Waiting> which) {
    if (requests == null) {
      return List.of();
    }
    List<Waiting> taken = new ArrayList<>();
    requests.removeIf(
        request -> {
          boolean takes = which.test(request);
          if (takes) {
            taken.add(request);
          }
          return takes;
        });
    if (requests.isEmpty()) {
      requests = null;
    }
    return taken;
  }
}
