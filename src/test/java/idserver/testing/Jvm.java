package idserver.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs a class of the tests in a JVM of its own, one that can be killed. */
public final class Jvm {
  private Jvm() {}

  /** A process that has not started yet, with the class path of the tests. */
  public static ProcessBuilder of(Class<?> main, String... args) {
    return of(main.getName(), List.of(), args);
  }

  /** The same, with more options for the JVM. */
  public static ProcessBuilder of(String main, List<String> options, String... args) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m"));
    command.addAll(options);
    command.add("-cp");
    command.add(classPath());
    command.add(main);
    command.addAll(List.of(args));
    return new ProcessBuilder(command);
  }

  /** The class path of the tests. */
  static String classPath() {
    // the tests' runner hides it behind a jar of its own
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }
}
