package idserver.server;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Work that may wait for the database, done every so often by a writer's thread, as the timer's
 * must not wait; never twice at once. Thread-safe.
 */
final class Chore {
  private static final Logger LOG = Logger.getLogger(Chore.class.getName());

  private final AtomicBoolean underWay = new AtomicBoolean();
  private final Container container;
  private final Runnable work;
  private final String name;

  private Chore(Container container, Runnable work, String name) {
    this.container = container;
    this.work = work;
    this.name = name;
  }

  /**
   * Has that work done from now on, first after {@code everyMs}.
   *
   * @param name for the log
   */
  static ScheduledFuture<?> every(long everyMs, Container container, Runnable work, String name) {
    Chore chore = new Chore(container, work, name);
    return container
        .scheduler()
        .scheduleAtFixedRate(chore::begin, everyMs, everyMs, TimeUnit.MILLISECONDS);
  }

  private void begin() {
    if (underWay.compareAndSet(false, true)) {
      try {
        container.writer().run(this::finish);
      } catch (RuntimeException e) {
        underWay.set(false);
        LOG.log(
            Level.WARNING,
            "No thread to "
                + name
                + "; it is tried again. See that the machine has memory and processes left",
            e);
      }
    }
  }

  private void finish() {
    try {
      work.run();
    } catch (RuntimeException e) {
      LOG.log(
          Level.SEVERE,
          "A fault of the server: could not " + name + ". This is a bug: report it with the log",
          e);
    } finally {
      underWay.set(false);
    }
  }
}
