package idserver.store;

/**
 * Where the reservations are kept on a database server: the {@code database} member of the
 * configuration. Immutable.
 *
 * @param host name or address
 * @param port 1 to 65535
 * @param user who may read and write the table, and create it where it is missing
 * @param password may be empty
 * @param dbname the schema
 */
public record DatabaseSettings(String host, int port, String user, String password, String dbname) {

  @Override
  public String toString() {
    return user + "@" + host + ":" + port + "/" + dbname;
  }
}
