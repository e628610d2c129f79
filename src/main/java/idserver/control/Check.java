package idserver.control;

import idserver.config.ConfigException;
import idserver.config.ConfigReader;
import idserver.config.ServerConfig;
import idserver.counter.SteadyClock;
import idserver.rule.RuleFaults;
import idserver.rule.RuleLoader;
import idserver.rule.Rules;
import idserver.store.Database;
import java.io.IOException;
import java.io.PrintStream;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * What is checked before a start: {@code Check <configuration file>}. Prints what the control
 * script has to know as {@code name=value} lines and exits with 0; or prints everything that is
 * wrong, a line each, on stderr and exits with 2.
 */
public final class Check {
  private Check() {}

  public static void main(String[] args) {
    System.exit(run(args, System.out, System.err));
  }

  static int run(String[] args, PrintStream out, PrintStream err) {
    if (args.length != 1) {
      err.println("usage: Check <configuration file>");
      return 2;
    }
    ServerConfig config;
    try {
      config = ConfigReader.read(Path.of(args[0]));
    } catch (ConfigException e) {
      e.faults().forEach(fault -> err.println("configuration: " + fault));
      return 2;
    }
    List<String> faults = faults(config);
    if (!faults.isEmpty()) {
      faults.forEach(err::println);
      return 2;
    }
    warnOfTheDatabase(config, err);
    print(config, out);
    warnOfOpenAddress("service_host", config.udp().host(), err);
    warnOfOpenAddress("http_host", config.httpHost(), err);
    return 0;
  }

  /** The rules and the rest are looked at side by side: each takes a tenth of a second. */
  private static List<String> faults(ServerConfig config) {
    CompletableFuture<List<String>> surroundings =
        CompletableFuture.supplyAsync(() -> surroundingFaults(config));
    List<String> faults = new ArrayList<>(ruleFaults(config));
    faults.addAll(surroundings.join());
    return faults;
  }

  /** What is wrong with the rules of a configuration, for so many servers as it has. */
  static List<String> ruleFaults(ServerConfig config) {
    SteadyClock clock = new SteadyClock(System::currentTimeMillis, config.timeZone());
    try {
      Rules.load(
          new RuleLoader(config.rulesDir(), config.idStep(), config.idOffset(), clock),
          config.rules(),
          config.timeRules());
      return List.of();
    } catch (RuleFaults e) {
      return e.faults();
    }
  }

  private static List<String> surroundingFaults(ServerConfig config) {
    List<String> faults = new ArrayList<>();
    try (DatagramSocket udp = new DatagramSocket(null)) {
      udp.bind(new InetSocketAddress(config.udp().host(), config.udp().port()));
    } catch (IOException e) {
      faults.add(taken("UDP", config.udp().toString(), "service_host or service_port", e));
    }
    try (ServerSocket http = new ServerSocket()) {
      http.setReuseAddress(true);
      http.bind(new InetSocketAddress(config.httpHost(), config.httpPort()));
    } catch (IOException e) {
      String address = config.httpHost() + ":" + config.httpPort();
      faults.add(taken("HTTP", address, "http_host or http_port", e));
    }
    try {
      Files.createDirectories(config.dataDir());
      Database.of(config.database(), config.dataDir()).prepare();
    } catch (IOException e) {
      faults.add("data_dir: " + config.dataDir() + " cannot be made: " + e);
    } catch (SQLException e) {
      faults.add(String.valueOf(e.getMessage()));
    }
    return faults;
  }

  private static String taken(String what, String address, String keys, IOException e) {
    return what
        + " "
        + address
        + " cannot be had: "
        + e.getMessage()
        + ". Stop what listens there, or change "
        + keys
        + ".";
  }

  private static void print(ServerConfig config, PrintStream out) {
    out.println("http_host=" + config.httpHost());
    out.println("http_port=" + config.httpPort());
    out.println("service_host=" + config.udp().host());
    out.println("service_port=" + config.udp().port());
    out.println("data_dir=" + config.dataDir());
    out.println("log_dir=" + config.log().directory());
    out.println("thread_count=" + config.writers());
    out.println("example_rule=" + exampleRule(config));
  }

  private static String exampleRule(ServerConfig config) {
    return config.rules().isEmpty()
        ? config.timeRules().get(0).name()
        : config.rules().get(0).name();
  }

  private static void warnOfTheDatabase(ServerConfig config, PrintStream err) {
    try {
      Database.of(config.database(), config.dataDir())
          .warnings()
          .forEach(warning -> err.println("note: " + warning));
    } catch (SQLException e) {
      err.println("note: the database's settings cannot be read: " + e.getMessage());
    }
  }

  private static void warnOfOpenAddress(String key, String host, PrintStream err) {
    try {
      if (!InetAddress.getByName(host).isLoopbackAddress()) {
        err.println(
            "note: "
                + key
                + " "
                + host
                + " is reached from other machines: let only those through that may ask for ids");
      }
    } catch (IOException e) {
      err.println("note: " + key + " " + host + " is not known: " + e.getMessage());
    }
  }
}
