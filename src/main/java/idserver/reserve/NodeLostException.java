package idserver.reserve;

/** Another server has taken this one's node over: nothing may be reserved any more. */
public final class NodeLostException extends StoreException {
  private static final long serialVersionUID = 1;

  /**
   * @param message who has taken it over, in one line
   */
  public NodeLostException(String message) {
    super(message, null);
  }

  @Override
  public String forOperator() {
    return "This server reserves no more numbers, and none of its ids was issued twice: "
        + getMessage()
        + ". Stop one of the two.";
  }
}
