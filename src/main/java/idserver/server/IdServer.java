package idserver.server;

import idserver.admin.Administration;
import idserver.admin.AdministrationSource;
import idserver.admin.Figures;
import idserver.admin.Measures;
import idserver.admin.ServerStatus;
import idserver.admin.StatusService;
import idserver.config.ConfigException;
import idserver.config.ConfigFile;
import idserver.config.ConfigReader;
import idserver.config.ServerConfig;
import idserver.issue.IdService;
import idserver.issue.IdServiceSource;
import idserver.issue.Tally;
import idserver.store.ReservationWriter;
import idserver.store.Transactions;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.annotation.sql.DataSourceDefinition;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.EJB;
import jakarta.ejb.Local;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The one server of the application: holds the counters and everything around them, from deployment
 * to undeployment. Thread-safe; its calls are neither serialised nor in a transaction.
 */
@Singleton
@Startup
@Local({
  IdServiceSource.class,
  StatusService.class,
  AdministrationSource.class,
  ServerControl.class
})
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
@DataSourceDefinition(
    name = "java:app/jdbc/counter",
    className = "idserver.server.PooledDatabase",
    minPoolSize = 1,
    maxPoolSize = 40,
    properties = {
      // a connection that broke is noticed before it is used, and the others with it
      "fish.payara.is-connection-validation-required=true",
      "fish.payara.connection-validation-method=custom-validation",
      "fish.payara.validation-classname="
          + "org.glassfish.api.jdbc.validation.JDBC40ConnectionValidation",
      "fish.payara.fail-all-connections=true",
      "fish.payara.max-wait-time-in-millis=2000"
    })
public class IdServer
    implements IdServiceSource, StatusService, AdministrationSource, ServerControl {
  private static final Logger LOG = Logger.getLogger(IdServer.class.getName());

  @Resource private ManagedThreadFactory threads;
  @Resource private ManagedScheduledExecutorService scheduler;

  @Resource(lookup = "java:app/jdbc/counter")
  private DataSource pool;

  @EJB private Transactions transactions;
  @EJB private ReservationWriter writer;

  private volatile @Nullable Assembly assembly;

  @PostConstruct
  void start() {
    ServerConfig config = null;
    try {
      config = read();
      assembly =
          Assembly.start(config, new Container(threads, scheduler, pool, transactions, writer));
      LOG.info("id_server is ready: " + config.file());
      StartReport.success();
    } catch (StartException e) {
      StartReport.failure(config, e.reasons());
      throw new IllegalStateException("id_server cannot start: " + e.getMessage());
    } catch (RuntimeException e) {
      LOG.log(
          Level.SEVERE,
          "id_server cannot start by a fault of its own. This is a bug: report it with the log",
          e);
      StartReport.failure(config, List.of("fault of the server, see the log: " + e));
      throw e;
    }
  }

  private static ServerConfig read() throws StartException {
    try {
      return ConfigReader.read(ConfigFile.path());
    } catch (ConfigException e) {
      throw new StartException(e.faults());
    }
  }

  @Override
  public IdService idService() {
    return running().service();
  }

  @Override
  public Tally httpTally() {
    return running().httpTally();
  }

  @Override
  public Figures figures() {
    return running().figures();
  }

  @Override
  public Administration administration() {
    return running().administration();
  }

  @Override
  public Optional<Account> account() {
    return running().account();
  }

  @Override
  public Measures measures() {
    return running().measures();
  }

  @Override
  public ServerStatus status() {
    return running().status();
  }

  private Assembly running() {
    Assembly running = assembly;
    if (running == null) {
      throw new IllegalStateException("the server has not started");
    }
    return running;
  }

  /** Stops in good order; the second call does nothing. */
  @Override
  @PreDestroy
  public void stop() {
    Assembly running = assembly;
    if (running != null) {
      running.stop();
    }
  }
}
