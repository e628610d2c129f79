package idserver.timeid;

import cn.hutool.core.lang.Snowflake;
import com.github.f4b6a3.tsid.TsidFactory;
import idserver.timeid.TimeIdSettings.WhenFull;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import me.ahoo.cosid.snowflake.MillisecondSnowflakeId;
import org.apache.seata.common.util.IdWorker;

/** What is measured: ours in its layouts and modes, and the peers. Immutable. */
public enum Generator {
  CONFINED_CLASSIC {
    @Override
    LongSupplier make() {
      return new ConfinedTimeIds(settings(TimeIdLayout.CLASSIC), CLOCK, PROMISE)::next;
    }
  },
  CONFINED_SPILL {
    @Override
    LongSupplier make() {
      return new ConfinedTimeIds(settings(TimeIdLayout.SPILL), CLOCK, PROMISE)::next;
    }
  },
  SHARED_CLASSIC {
    @Override
    LongSupplier make() {
      return new SharedTimeIds(settings(TimeIdLayout.CLASSIC), CLOCK, PROMISE)::next;
    }
  },
  SHARED_SPILL {
    @Override
    LongSupplier make() {
      return new SharedTimeIds(settings(TimeIdLayout.SPILL), CLOCK, PROMISE)::next;
    }
  },
  TICKED_CLASSIC {
    @Override
    LongSupplier make() {
      return new SharedTimeIds(settings(TimeIdLayout.CLASSIC), Ticks.CLOCK, PROMISE)::next;
    }
  },
  CACHED_CLASSIC {
    @Override
    LongSupplier make() {
      return new TimeIdCache(new SharedTimeIds(settings(TimeIdLayout.CLASSIC), CLOCK, PROMISE), 64)
          ::next;
    }
  },
  SEATA {
    @Override
    LongSupplier make() {
      return new IdWorker(1L)::nextId;
    }
  },
  COSID {
    @Override
    LongSupplier make() {
      return new MillisecondSnowflakeId(1)::generate;
    }
  },
  TSID {
    @Override
    LongSupplier make() {
      TsidFactory factory = TsidFactory.newInstance1024(1);
      return () -> factory.create().toLong();
    }
  },
  HUTOOL {
    @Override
    LongSupplier make() {
      return new Snowflake(1, 1)::nextId;
    }
  },
  ATOMIC_LONG {
    @Override
    LongSupplier make() {
      return new AtomicLong()::incrementAndGet;
    }
  };

  /** The name of the thread that ticks. */
  static final String TICKER = "ticker";

  private static final TimeIdClock CLOCK = TimeIdClock.startingAfter(0);
  private static final TimePromise PROMISE = TimePromise.inMemory();

  private static TimeIdSettings settings(TimeIdLayout layout) {
    return TimeIdSettings.of(layout).withWhenFull(WhenFull.WAIT);
  }

  /** One kind of ids. */
  abstract LongSupplier make();

  /** Whether threads may share one. */
  boolean isShared() {
    return this != CONFINED_CLASSIC && this != CONFINED_SPILL && this != CACHED_CLASSIC;
  }

  /** A thread that ticks a clock, started when it is first used. */
  private static final class Ticks {
    static final TickedClock CLOCK = new TickedClock(Generator.CLOCK);

    static {
      Thread ticker = new Thread(Ticks::run, TICKER);
      ticker.setDaemon(true);
      ticker.start();
    }

    private static void run() {
      while (true) {
        LockSupport.parkNanos(1_000_000);
        CLOCK.tick();
      }
    }
  }
}
