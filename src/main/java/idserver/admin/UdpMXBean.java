package idserver.admin;

/** The UDP service, for a JMX console: {@code idserver:type=Udp}. Thread-safe. */
@Describes("The UDP service")
public interface UdpMXBean {
  /** Whether datagrams are received. */
  @Describes("Whether datagrams are received")
  boolean isListening();

  /** Datagrams received. */
  @Describes("Datagrams received since the start")
  long getReceived();

  /** Datagrams lost by the kernel. */
  @Describes(
      "Datagrams that the kernel threw away as the receive buffer was full; -1 where it does not tell. Raise net.core.rmem_max")
  long getLost();

  /** Datagrams left without an answer. */
  @Describes("Datagrams left without an answer: no request, too large, or too small for an answer")
  long getDropped();

  /** Errors not sent. */
  @Describes("Errors of bad requests that were not sent, as their network had too many of them")
  long getErrorsSuppressed();
}
