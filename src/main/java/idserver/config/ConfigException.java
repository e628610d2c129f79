package idserver.config;

import java.util.List;
import java.util.regex.Pattern;

/** A configuration that cannot be used, with everything that is wrong with it. */
public final class ConfigException extends Exception {
  private static final long serialVersionUID = 1;

  /** What a name in the file may bring, and what would begin another line. */
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\u0085\\u2028\\u2029]");

  private final transient List<String> faults;

  /**
   * @param faults what is wrong, each with key, value and what is allowed
   */
  public ConfigException(List<String> faults) {
    this(inALineEach(faults), System.lineSeparator());
  }

  private ConfigException(List<String> lines, String separator) {
    super(String.join(separator, lines));
    this.faults = lines;
  }

  private static List<String> inALineEach(List<String> faults) {
    return faults.stream()
        .map(
            fault ->
                CONTROL
                    .matcher(fault)
                    .replaceAll(control -> "\\\\u%04x".formatted((int) control.group().charAt(0))))
        .toList();
  }

  /** What is wrong, a line each: never empty. */
  public List<String> faults() {
    return faults;
  }
}
