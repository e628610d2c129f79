package idserver.issue;

/**
 * Who has the service of this server. To be asked once by a transport and not for each request: the
 * way to it may lead through the container, which is dearer than most requests.
 */
public interface IdServiceSource {
  /** The service, the same as long as the server runs. Thread-safe. */
  IdService idService();

  /** What HTTP has answered, for HTTP to count. */
  Tally httpTally();
}
