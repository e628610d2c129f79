package idserver.testing;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Answers with numbers, of any number of servers, and whether they are in one order: who asked
 * after another was answered has a higher number, of the same period or a later one. Thread-safe.
 */
public final class Sequence {
  /**
   * Numbers that somebody was answered. Immutable.
   *
   * @param asked when the request was sent, by one clock for all
   * @param answered when its answer came, by the same
   * @param period of the numbers
   * @param first the lowest of them
   * @param last the highest of them
   */
  public record Answer(long asked, long answered, long period, long first, long last) {
    private boolean isBelow(Answer other) {
      return period < other.period || (period == other.period && last < other.first);
    }

    private boolean reaches(Answer other) {
      return period > other.period || (period == other.period && last > other.last);
    }
  }

  private final List<Answer> answers = new ArrayList<>();

  public synchronized void add(Answer answer) {
    answers.add(answer);
  }

  public synchronized int size() {
    return answers.size();
  }

  /**
   * Each answer that is not above all that were there before it was asked for, and one of these.
   */
  public synchronized List<String> violations() {
    List<Answer> asked = new ArrayList<>(answers);
    asked.sort(Comparator.comparingLong(Answer::asked));
    List<Answer> answered = new ArrayList<>(answers);
    answered.sort(Comparator.comparingLong(Answer::answered));
    List<String> violations = new ArrayList<>();
    Answer highest = null;
    int next = 0;
    for (Answer answer : asked) {
      while (answered.get(next).answered() < answer.asked()) {
        highest = higher(highest, answered.get(next++));
      }
      if (highest != null && !highest.isBelow(answer)) {
        violations.add(answer + " after " + highest);
      }
    }
    return violations;
  }

  private static Answer higher(@Nullable Answer one, Answer other) {
    return one != null && one.reaches(other) ? one : other;
  }

  /** Those that have a number that another has as well, and that one. */
  public synchronized List<String> duplicates() {
    List<Answer> ordered = new ArrayList<>(answers);
    ordered.sort(Comparator.comparingLong(Answer::period).thenComparingLong(Answer::first));
    List<String> duplicates = new ArrayList<>();
    for (int i = 1; i < ordered.size(); i++) {
      if (!ordered.get(i - 1).isBelow(ordered.get(i))) {
        duplicates.add(ordered.get(i - 1) + " and " + ordered.get(i));
      }
    }
    return duplicates;
  }
}
