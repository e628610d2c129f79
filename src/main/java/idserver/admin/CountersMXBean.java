package idserver.admin;

/** The counters, for a JMX console: {@code idserver:type=Counters}. Thread-safe. */
@Describes("The counters of this server and the requests that wait at them")
public interface CountersMXBean {
  /** Namespaces in use since the start. */
  @Describes("Namespaces in use since the start")
  int getCount();

  /** Requests parked for a block now. */
  @Describes("Requests that wait for a block now")
  int getWaiting();

  /** Requests parked so far. */
  @Describes(
      "Requests that had to wait for a block, since the start; one that waits again counts again")
  long getParked();

  /** Repetitions answered. */
  @Describes(
      "Requests answered since the start with the ids of an earlier one of the same request_id")
  long getRepetitionsAnswered();

  /** Requests remembered. */
  @Describes("Requests remembered for their repetitions now")
  int getRequestIdsHeld();

  /** Ids issued over UDP. */
  @Describes("Ids issued over UDP since the start")
  long getIdsOverUdp();

  /** Ids issued over HTTP. */
  @Describes("Ids issued over HTTP since the start")
  long getIdsOverHttp();

  /** Requests refused over both. */
  @Describes("Requests refused since the start, whatever for, over UDP and HTTP")
  long getRefused();

  /** How long the requests took that were served, 99 %: microseconds. */
  @Describes("99 % of the requests served since the start took at most so many microseconds")
  long getLatencyP99Us();
}
