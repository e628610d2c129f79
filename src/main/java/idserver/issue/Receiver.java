package idserver.issue;

import idserver.rule.Ids;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * Who is told what became of a request for ids. Exactly one of the methods is called, exactly once,
 * on the asking thread or on another; it must not wait.
 */
public interface Receiver {
  /**
   * The ids, in the order of their counters.
   *
   * @param ids as many as were asked for; of no meaning any more when this method has returned
   */
  void issued(Ids ids);

  /**
   * Where the request comes from, or null where that is not known. Asked for on the asking thread,
   * when the request names a counter that is new here.
   */
  default @Nullable InetAddress source() {
    return null;
  }

  /** No id was issued. */
  void refused(Refusal refusal);
}
