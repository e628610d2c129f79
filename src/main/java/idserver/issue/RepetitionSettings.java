package idserver.issue;

/**
 * How much of answered requests is remembered for their repetitions. Immutable.
 *
 * @param seconds how long, 1 to {@link #LONGEST_SECONDS}
 * @param most how many requests, 0 to {@link #MOST_REQUESTS}; 0: a repetition is a new request
 * @param megabytes how much memory they may take, 1 to {@link #MOST_MEGABYTES}
 */
public record RepetitionSettings(int seconds, int most, int megabytes) {
  /** What a server takes that is told nothing: five minutes, 100 000 requests, 32 MB. */
  public static final RepetitionSettings DEFAULT = new RepetitionSettings(300, 100_000, 32);

  /** A day: no client asks again for longer. */
  public static final int LONGEST_SECONDS = 86_400;

  /** The highest {@link #most}. */
  public static final int MOST_REQUESTS = 10_000_000;

  /** The highest {@link #megabytes}. */
  public static final int MOST_MEGABYTES = 4_096;
}
