package idserver.admin;

import java.util.Map;
import java.util.function.IntConsumer;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/** The MBeans that tell how the server is. Thread-safe. */
public final class ServerBeans {
  private ServerBeans() {}

  /**
   * All of them, by the name to register each under.
   *
   * @param figures looks at the server
   * @param level tells how much is logged
   * @param setLevel changes it; refuses what is out of range by an {@link IllegalArgumentException}
   */
  public static Map<String, Object> of(
      Supplier<Figures> figures, IntSupplier level, IntConsumer setLevel) {
    Supplier<ServerStatus> status = () -> figures.get().status();
    return Map.of(
        "idserver:type=Counters",
        DescribedBean.of(new CounterBean(figures), CountersMXBean.class),
        "idserver:type=Reservations",
        DescribedBean.of(new ReservationBean(status), ReservationsMXBean.class),
        "idserver:type=Udp",
        DescribedBean.of(new UdpBean(status), UdpMXBean.class),
        "idserver:type=Logging",
        DescribedBean.of(new LogBean(level, setLevel), LoggingMXBean.class));
  }

  private record CounterBean(Supplier<Figures> figures) implements CountersMXBean {
    @Override
    public int getCount() {
      return figures.get().status().counters();
    }

    @Override
    public int getWaiting() {
      return figures.get().status().waiting();
    }

    @Override
    public long getParked() {
      return figures.get().status().parked();
    }

    @Override
    public long getRepetitionsAnswered() {
      return figures.get().status().repetitionsAnswered();
    }

    @Override
    public int getRequestIdsHeld() {
      return figures.get().status().requestIdsHeld();
    }

    @Override
    public long getIdsOverUdp() {
      return figures.get().udp().ids();
    }

    @Override
    public long getIdsOverHttp() {
      return figures.get().http().ids();
    }

    @Override
    public long getRefused() {
      return figures.get().all().allRefused();
    }

    @Override
    public long getLatencyP99Us() {
      return figures.get().all().latencies().quantileNanos(0.99) / 1000;
    }
  }

  private record ReservationBean(Supplier<ServerStatus> status) implements ReservationsMXBean {
    @Override
    public long getTransactions() {
      return status.get().reservations();
    }

    @Override
    public long getBlocks() {
      return status.get().blocks();
    }

    @Override
    public int getQueued() {
      return status.get().queued();
    }

    @Override
    public boolean isDatabaseDown() {
      return status.get().databaseDown();
    }

    @Override
    public boolean isNodeLost() {
      return status.get().nodeLost();
    }

    @Override
    public int getOlderCounters() {
      return status.get().olderCounters();
    }

    @Override
    public long getClockAheadSeconds() {
      return status.get().clockAheadSeconds();
    }
  }

  private record UdpBean(Supplier<ServerStatus> status) implements UdpMXBean {
    @Override
    public boolean isListening() {
      return status.get().listening();
    }

    @Override
    public long getReceived() {
      return status.get().received();
    }

    @Override
    public long getLost() {
      return status.get().lost();
    }

    @Override
    public long getDropped() {
      return status.get().dropped();
    }

    @Override
    public long getErrorsSuppressed() {
      return status.get().errorsSuppressed();
    }
  }

  private record LogBean(IntSupplier level, IntConsumer setLevel) implements LoggingMXBean {
    @Override
    public int getLevel() {
      return level.getAsInt();
    }

    @Override
    public void setLevel(int level) {
      setLevel.accept(level);
    }
  }
}
