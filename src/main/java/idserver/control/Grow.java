package idserver.control;

import idserver.config.ConfigException;
import idserver.config.ConfigReader;
import idserver.config.ServerConfig;
import idserver.store.Database;
import idserver.store.NodeGrowth;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/**
 * Gives all servers of a database the larger {@code id_step} of a configuration while they run:
 * {@code Grow <configuration file>}. Prints what was done and exits with 0; or prints everything
 * that stands in the way, a line each, on stderr and exits with 2.
 */
public final class Grow {
  private Grow() {}

  public static void main(String[] args) {
    System.exit(run(args, System.out, System.err));
  }

  static int run(String[] args, PrintStream out, PrintStream err) {
    if (args.length != 1) {
      err.println("usage: Grow <configuration file>");
      return 2;
    }
    try {
      return grow(ConfigReader.read(Path.of(args[0])), out, err);
    } catch (ConfigException e) {
      e.faults().forEach(fault -> err.println("configuration: " + fault));
    } catch (SQLException e) {
      err.println(e.getMessage());
      err.println("What was not done is done when it is run again; the servers go on meanwhile.");
    }
    return 2;
  }

  private static int grow(ServerConfig config, PrintStream out, PrintStream err)
      throws SQLException {
    // ids that are told apart among two servers may not be among three
    List<String> faults = Check.ruleFaults(config);
    int step = config.idStep();
    NodeGrowth.Outcome outcome = null;
    if (faults.isEmpty()) {
      outcome = Database.of(config.database(), config.dataDir()).grow(new NodeGrowth(step));
      faults = outcome.faults();
    }
    if (outcome == null || !faults.isEmpty()) {
      faults.forEach(err::println);
      return 2;
    }
    if (outcome.before() == step) {
      out.println("all servers of this database have id_step " + step + " already");
      return 0;
    }
    out.println(
        "all servers of this database have id_step "
            + step
            + " now, and had "
            + outcome.before()
            + "; "
            + outcome.counters()
            + " counters are shared out among them anew. Those that run know of it within seconds: set"
            + " id_step to "
            + step
            + " in each configuration before its next start. A server with another id_offset can be"
            + " started now.");
    return 0;
  }
}
