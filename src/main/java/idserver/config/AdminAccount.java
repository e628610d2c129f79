package idserver.config;

/**
 * Who may administer the server over HTTP. Immutable.
 *
 * @param user the name, without a colon
 * @param password at least {@value #LEAST_PASSWORD} characters
 */
public record AdminAccount(String user, String password) {
  /** The shortest password that is taken. */
  public static final int LEAST_PASSWORD = 8;

  /** Without the password, which no log may hold. */
  @Override
  public String toString() {
    return "AdminAccount[" + user + "]";
  }
}
