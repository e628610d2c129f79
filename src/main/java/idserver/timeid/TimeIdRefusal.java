package idserver.timeid;

/** Why there is no id. Immutable. */
public enum TimeIdRefusal {
  /** The milliseconds are used up to the bound of borrowing: ask again in a moment. */
  BUSY(-1, "the milliseconds are used up"),

  /** No time is promised any further: the store is away, and an id might come twice. */
  UNPROMISED(-2, "no time is promised any further"),

  /** The 41 bits are used up, for ever. */
  EXHAUSTED(-3, "the 41 bits of time are used up"),

  /** The kind goes on with other settings: fetch its generator again. */
  RETIRED(-4, "the kind has a new generator");

  private static final TimeIdRefusal[] ALL = values();

  private final long code;
  private final String text;

  TimeIdRefusal(long code, String text) {
    this.code = code;
    this.text = text;
  }

  /** What stands for it where an id is expected: below 0. */
  public long code() {
    return code;
  }

  /** The refusal of that code. */
  public static TimeIdRefusal of(long code) {
    for (TimeIdRefusal refusal : ALL) {
      if (refusal.code == code) {
        return refusal;
      }
    }
    throw new IllegalArgumentException("not a refusal: " + code);
  }

  @Override
  public String toString() {
    return text;
  }
}
