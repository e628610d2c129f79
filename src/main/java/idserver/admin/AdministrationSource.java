package idserver.admin;

import java.util.Optional;

/** Who has the administration of this server. Thread-safe. */
public interface AdministrationSource {
  /** The administration, the same as long as the server runs. */
  Administration administration();

  /** Who may administer over HTTP; empty when nobody may. */
  Optional<Account> account();

  /** An administrator. Immutable. */
  record Account(String user, String password) {
    /** Without the password, which no log may hold. */
    @Override
    public String toString() {
      return "Account[" + user + "]";
    }
  }
}
