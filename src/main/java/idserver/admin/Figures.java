package idserver.admin;

import idserver.issue.Answered;

/**
 * What the server has done since its start, and how it is, at one look. Immutable.
 *
 * @param atNanos when it was looked at, by {@link System#nanoTime}
 * @param udp what was answered over UDP
 * @param http what was answered over HTTP
 * @param status how the server is
 */
public record Figures(long atNanos, Answered udp, Answered http, ServerStatus status) {

  /** What was answered over both transports. */
  public Answered all() {
    return udp.plus(http);
  }
}
