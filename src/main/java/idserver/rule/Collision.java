package idserver.rule;

import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Two requests that a rule answers with the same id, and why. Immutable.
 *
 * @param kind what the id lacks
 * @param first one of them
 * @param second the other
 * @param advice what the rule's author can do about it, one or two sentences
 */
public record Collision(Kind kind, Sample first, Sample second, String advice) {
  /** What an id lacks that comes twice. */
  public enum Kind {
    /** The script asks neither for a counter nor for a time id. */
    NO_NUMBER,
    /** The script asks for a counter and does not use it. */
    COUNTER_NOT_SHOWN,
    /** Some of the counter's digits are cut off. */
    DIGITS_CUT,
    /** The number is there, but not the part of it in which equal servers differ. */
    SERVER_NOT_SHOWN,
    /** Some of the time id is cut off. */
    TIME_ID_CUT,
    /** A counter that starts again makes the ids of the period before. */
    PERIOD_NOT_SHOWN,
    /** Everything is there, but the parts cannot be told apart. */
    PARTS_RUN_TOGETHER
  }

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);

  /** Both examples and the advice, in one line. */
  public String message() {
    String one = origin(first);
    String other = origin(second);
    return "create_id gives the same id twice: "
        + first.id()
        + " for "
        + one
        + " and for "
        + (other.equals(one) ? "another one then" : other)
        + ". "
        + advice;
  }

  private static String origin(Sample sample) {
    return numbers(sample) + " on " + moment(sample.at()) + salt(sample.salt());
  }

  private static String numbers(Sample sample) {
    if (!sample.counters().isEmpty()) {
      return (sample.counters().size() == 1 ? "counter " : "counters ") + list(sample.counters());
    }
    if (!sample.timeIds().isEmpty()) {
      return "time id " + list(sample.timeIds());
    }
    return "a request";
  }

  private static String list(List<Long> numbers) {
    return numbers.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }

  private static String moment(LocalDateTime at) {
    return at.toLocalTime().equals(LocalTime.MIDNIGHT)
        ? at.toLocalDate().toString()
        : TIME.format(at);
  }

  private static String salt(String salt) {
    return salt.isEmpty() ? "" : " (salt " + salt + ")";
  }
}
