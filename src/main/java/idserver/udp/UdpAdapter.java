package idserver.udp;

import idserver.issue.Desk;
import idserver.issue.IdService;
import idserver.issue.Tally;
import java.io.IOException;
import java.net.BindException;
import java.nio.channels.UnresolvedAddressException;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;

/** Starts and stops listeners, and does nothing else. Thread-safe. */
public final class UdpAdapter {
  private final ThreadFactory threads;
  private final IdService service;
  private final Supplier<Desk> desks;
  private final Tally tally;

  /**
   * @param threads the container's
   * @param service who answers all other questions
   * @param desks where a thread has its requests for ids served: one for each
   * @param tally where all answers are counted
   */
  public UdpAdapter(ThreadFactory threads, IdService service, Supplier<Desk> desks, Tally tally) {
    this.threads = threads;
    this.service = service;
    this.desks = desks;
    this.tally = tally;
  }

  /**
   * Binds the sockets and begins to listen.
   *
   * @throws IOException in one line for the operator, when the address cannot be had
   */
  public UdpListener activate(UdpSettings settings) throws IOException {
    UdpListener listener;
    try {
      listener = UdpListener.bind(settings, service, desks, tally);
    } catch (BindException | UnresolvedAddressException e) {
      throw new IOException(
          "UDP "
              + settings
              + " cannot be had: "
              + e.getMessage()
              + ". Stop what listens there, or change service_host and service_port.",
          e);
    }
    listener.tellBuffer();
    int number = 0;
    for (UdpLoop loop : listener.loops()) {
      Thread thread = threads.newThread(loop);
      thread.setName("idserver-udp-" + settings.port() + "-" + ++number);
      thread.start();
    }
    return listener;
  }

  /** Has all answered that has come until now, closes the sockets and ends their threads. */
  public void deactivate(UdpListener listener) {
    listener.close();
  }
}
