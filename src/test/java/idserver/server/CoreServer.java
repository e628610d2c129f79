package idserver.server;

import idserver.config.ConfigException;
import idserver.config.ConfigReader;
import idserver.config.ServerConfig;
import idserver.reserve.Reservations;
import idserver.store.Database;
import idserver.store.LocalTransactions;
import idserver.store.ReservationWriter;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * The server without its container: the product's own assembly, from configuration to UDP, on
 * threads and connections of the JDK. It starts in a fraction of the time, so that a fault can be
 * tried many times. Argument: the configuration file. Writes {@code ready}, and runs until it is
 * killed, or stopped in good order by SIGTERM.
 */
public final class CoreServer {
  private CoreServer() {}

  public static void main(String[] args) throws Exception {
    ServerConfig config = read(Path.of(args[0]));
    Files.createDirectories(config.dataDir());
    Database database = Database.of(config.database(), config.dataDir());
    Connection open = keptOpen(database);
    ExecutorService workers = Executors.newCachedThreadPool(CoreServer::daemon);
    ScheduledExecutorService timer = Executors.newScheduledThreadPool(1, CoreServer::daemon);
    Container container =
        new Container(
            lent(ManagedThreadFactory.class, "newThread", work -> daemon((Runnable) work[0])),
            lent(ManagedScheduledExecutorService.class, timer),
            database.driver(),
            new LocalTransactions(database.driver()),
            new Writer(workers));
    try {
      Assembly assembly = Assembly.start(config, container);
      Runtime.getRuntime().addShutdownHook(new Thread(assembly::stop));
    } catch (StartException e) {
      end(e.reasons());
    }
    System.out.println("ready");
    new CountDownLatch(1).await();
    System.out.println(open);
  }

  private static ServerConfig read(Path file) {
    try {
      return ConfigReader.read(file);
    } catch (ConfigException e) {
      end(e.faults());
      throw new AssertionError("has ended");
    }
  }

  private static void end(List<String> reasons) {
    reasons.forEach(System.err::println);
    System.exit(1);
  }

  /** As the container's pool does: with its last connection the embedded database would close. */
  private static @Nullable Connection keptOpen(Database database) throws SQLException {
    return database.isShared() ? null : database.driver().getConnection();
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work);
    thread.setDaemon(true);
    return thread;
  }

  private interface Call {
    Object of(Object[] arguments);
  }

  private static <T> T lent(Class<T> type, String name, Call call) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              if (!method.getName().equals(name)) {
                throw new UnsupportedOperationException(method.toString());
              }
              return call.of(arguments);
            }));
  }

  private static <T> T lent(Class<T> type, Object lender) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              Method same =
                  lender.getClass().getMethod(method.getName(), method.getParameterTypes());
              return same.invoke(lender, arguments);
            }));
  }

  private static final class Writer extends ReservationWriter {
    private final ExecutorService threads;

    Writer(ExecutorService threads) {
      this.threads = threads;
    }

    @Override
    public void drain(Reservations reservations) {
      threads.execute(reservations::drain);
    }

    @Override
    public void run(Runnable work) {
      threads.execute(work);
    }
  }
}
