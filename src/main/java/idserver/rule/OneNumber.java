package idserver.rule;

/**
 * The one number that an id of a gap-free rule is made of: were there a second one, the two could
 * not be confirmed or given back apart. Confined to one id.
 */
public final class OneNumber implements Draws {
  private final long number;
  private int asked;
  private boolean askedForTime;

  /**
   * @param number 0 or more
   */
  public OneNumber(long number) {
    this.number = number;
  }

  @Override
  public long next() {
    return asked++ == 0 ? number : STOP;
  }

  @Override
  public long nextTimeId() {
    askedForTime = true;
    return STOP;
  }

  /**
   * Looks whether the id has this number, and no other.
   *
   * @throws RuleException naming the file, when it has not
   */
  public void check(String file) throws RuleException {
    if (asked == 0) {
      throw refusal(file, "draws none");
    }
    if (asked > 1) {
      throw refusal(file, "draws more");
    }
    if (askedForTime) {
      throw refusal(file, "asks for a time id");
    }
  }

  private static RuleException refusal(String file, String what) {
    return new RuleException(
        file
            + ": create_id of a rule with allocation gap_free draws one number, by"
            + " counter:generate_counter(), and nothing else; this one "
            + what);
  }
}
