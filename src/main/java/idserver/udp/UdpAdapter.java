package idserver.udp;

import idserver.issue.IdService;
import java.io.IOException;
import java.net.BindException;
import java.nio.channels.UnresolvedAddressException;
import java.util.concurrent.ThreadFactory;

/** Starts and stops listeners, and does nothing else. Thread-safe. */
public final class UdpAdapter {
  private final ThreadFactory threads;
  private final IdService service;

  /**
   * @param threads the container's
   * @param service whom every request is handed to
   */
  public UdpAdapter(ThreadFactory threads, IdService service) {
    this.threads = threads;
    this.service = service;
  }

  /**
   * Binds the socket and begins to listen.
   *
   * @throws IOException in one line for the operator, when the address cannot be had
   */
  public UdpListener activate(UdpSettings settings) throws IOException {
    UdpListener listener;
    try {
      listener = UdpListener.bind(settings, service);
    } catch (BindException | UnresolvedAddressException e) {
      throw new IOException(
          "UDP "
              + settings
              + " cannot be had: "
              + e.getMessage()
              + ". Stop what listens there, or change service_host and service_port.",
          e);
    }
    Thread thread = threads.newThread(listener);
    thread.setName("idserver-udp-" + settings.port());
    thread.start();
    return listener;
  }

  /** Closes the socket and ends the listener's thread. */
  public void deactivate(UdpListener listener) {
    listener.close();
  }
}
