package idserver.control;

import idserver.config.ConfigException;
import idserver.config.ConfigReader;
import idserver.config.ServerConfig;
import idserver.store.Database;
import idserver.store.NodeMigration;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.SQLException;

/**
 * Gives all servers of a database the {@code id_step}, the time zone and the rules' allocation of a
 * configuration: {@code Migrate <configuration file>}. Prints what was done and exits with 0; or
 * prints everything that stands in the way, a line each, on stderr and exits with 2, with nothing
 * changed.
 */
public final class Migrate {
  private Migrate() {}

  public static void main(String[] args) {
    System.exit(run(args, System.out, System.err));
  }

  static int run(String[] args, PrintStream out, PrintStream err) {
    if (args.length != 1) {
      err.println("usage: Migrate <configuration file>");
      return 2;
    }
    try {
      return migrate(ConfigReader.read(Path.of(args[0])), out, err);
    } catch (ConfigException e) {
      e.faults().forEach(fault -> err.println("configuration: " + fault));
    } catch (SQLException e) {
      err.println(e.getMessage());
    }
    return 2;
  }

  private static int migrate(ServerConfig config, PrintStream out, PrintStream err)
      throws SQLException {
    String timeZone = config.timeZone().getId();
    NodeMigration.Outcome outcome =
        Database.of(config.database(), config.dataDir())
            .migrate(new NodeMigration(config.idStep(), timeZone, config.ruleEntries()));
    if (!outcome.faults().isEmpty()) {
      outcome.faults().forEach(err::println);
      return 2;
    }
    out.println(
        "all servers of this database have id_step "
            + config.idStep()
            + " and time_zone "
            + timeZone
            + " now, and its rules the allocation of this configuration; "
            + outcome.counters()
            + " counters go on above what any server has reserved");
    return 0;
  }
}
