package idserver.rule;

/**
 * The one number that an id of a gap-free or strict rule is made of. Of the one, two numbers could
 * not be confirmed or given back apart; for the other, it is known how many numbers a request needs
 * before its scripts run. Confined to one id.
 */
public final class OneNumber implements Draws {
  private final long number;
  private final String allocation;
  private int asked;
  private boolean askedForTime;

  /**
   * @param number 0 or more
   * @param allocation of the rule, for who is told what stands against it
   */
  public OneNumber(long number, String allocation) {
    this.number = number;
    this.allocation = allocation;
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

  private RuleException refusal(String file, String what) {
    return new RuleException(
        file
            + ": create_id of a rule with allocation "
            + allocation
            + " draws one number, by counter:generate_counter(), and nothing else; this one "
            + what);
  }
}
