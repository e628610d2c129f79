package idserver.load;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What to ask, and how. Immutable.
 *
 * @param port of the server, on loopback
 * @param pid of the server, whose CPU time is read
 * @param sockets 1 or more
 * @param window requests outstanding on each socket, 1 or more; 1 is a closed loop
 * @param rate requests a second over all sockets, sent when they are due whatever has been
 *     answered; 0 sends the next one when one is answered
 * @param warmUpMs how long it runs before it counts
 * @param runMs how long it counts
 * @param count ids a request; 0 for a request without that member
 * @param rule its name
 * @param app the namespace
 * @param echo whether the answers are the requests
 * @param allocation whether to ask the server over JMX what it has allocated, which is work for it
 */
record LoadPlan(
    int port,
    long pid,
    int sockets,
    int window,
    int rate,
    int warmUpMs,
    int runMs,
    int count,
    String rule,
    String app,
    boolean echo,
    boolean allocation) {

  /** Reads {@code name=value} arguments; all but {@code port} and {@code pid} have defaults. */
  static LoadPlan parse(String[] args) {
    Map<String, String> given = new HashMap<>();
    for (String arg : args) {
      int equals = arg.indexOf('=');
      if (equals < 0) {
        throw new IllegalArgumentException("must be name=value: " + arg);
      }
      given.put(arg.substring(0, equals), arg.substring(equals + 1));
    }
    LoadPlan plan =
        new LoadPlan(
            number(given, "port", null),
            number(given, "pid", null),
            number(given, "sockets", "8"),
            number(given, "window", "64"),
            number(given, "rate", "0"),
            number(given, "warm_up_ms", "1000"),
            number(given, "run_ms", "4000"),
            number(given, "count", "0"),
            text(given, "rule", "load"),
            text(given, "app", "load"),
            Boolean.parseBoolean(text(given, "echo", "false")),
            Boolean.parseBoolean(text(given, "allocation", "false")));
    if (!given.isEmpty()) {
      throw new IllegalArgumentException("unknown: " + given.keySet());
    }
    return plan;
  }

  private static int number(Map<String, String> given, String name, @Nullable String otherwise) {
    return Integer.parseInt(text(given, name, otherwise));
  }

  private static String text(Map<String, String> given, String name, @Nullable String otherwise) {
    String value = given.containsKey(name) ? given.remove(name) : otherwise;
    if (value == null) {
      throw new IllegalArgumentException("missing: " + name);
    }
    return value;
  }
}
