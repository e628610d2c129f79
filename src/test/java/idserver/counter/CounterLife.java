package idserver.counter;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import idserver.counter.Counter.Parking;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The life of one counter over many restarts, at random: requests are under way at every stage, the
 * clock goes where it likes, the store fails, rules are reloaded. Every step is one atomic deed of
 * one of the threads of a server.
 */
final class CounterLife {
  private static final CounterKey KEY = new CounterKey("rule", "app");
  private static final long STEP = 3;
  private static final long OFFSET = 1;
  private static final List<String> ZONES =
      List.of("Europe/Berlin", "America/New_York", "Asia/Shanghai");

  private final RandomGenerator random;
  private final ZoneId zone;
  private final AtomicLong wallMs = new AtomicLong();
  private final StoredRow row = new StoredRow();
  private final Set<Issued> issued = new HashSet<>();
  private final Set<Issued> issuedInTheHour = new HashSet<>();
  private final List<Request> underWay = new ArrayList<>();
  private final List<Numbering> numberings;
  private final Demand demand = new Demand();
  private final boolean steady;

  private Numbering numbering;
  private SteadyClock clock;
  private Counters counters;
  private Counter counter;
  private @Nullable Wish reserving;
  private long grantedPeriod = Long.MIN_VALUE;
  private long issuedPeriod = Long.MIN_VALUE;

  private record Issued(long period, long number) {}

  CounterLife(RandomGenerator random, List<Period> periods) {
    this(random, periods, false);
  }

  /**
   * @param steady whether the clock never goes back; then an id that shows its hour comes once
   *     whatever the reloads make of the period
   */
  CounterLife(RandomGenerator random, List<Period> periods, boolean steady) {
    this.random = random;
    this.steady = steady;
    this.zone = ZoneId.of(ZONES.get(random.nextInt(ZONES.size())));
    this.numberings =
        periods.stream()
            .flatMap(
                period ->
                    List.of(
                        new Numbering(new NumberRange(0, 60, STEP, OFFSET), period, 3),
                        new Numbering(new NumberRange(0, 9_000, STEP, OFFSET), period, 4),
                        new Numbering(new NumberRange(5, 9_000, STEP, OFFSET), period, 1))
                        .stream())
            .toList();
    // three hours before summer time ends in Europe
    wallMs.set(LocalDateTime.parse("2026-10-25T00:00:00").atZone(zone).toInstant().toEpochMilli());
    numbering = any(numberings);
    clock = new SteadyClock(wallMs::get, () -> wallMs.get() * 1_000_000, zone);
    counters = new Counters(clock, demand, 1, 5);
    counter = requireNonNull(counters.get(KEY));
  }

  void live(int steps) {
    for (int i = 0; i < steps; i++) {
      step();
    }
    settle();
  }

  int countIssued() {
    return issued.size();
  }

  private void step() {
    int dice = random.nextInt(1_000);
    if (dice < 650) {
      request();
    } else if (dice < 880) {
      write();
    } else if (dice < 960) {
      wallMs.addAndGet(random.nextLong(steady ? 0 : -900_000, 1_800_000));
    } else if (dice < 970) {
      wallMs.addAndGet(random.nextLong(steady ? 0 : -7_200_000, 86_400_000));
    } else if (dice < 985) {
      numbering = any(numberings);
    } else if (dice < 992) {
      counters.expire(0);
    } else {
      restart();
    }
  }

  private void request() {
    if (underWay.size() < 8 && random.nextInt(3) == 0) {
      underWay.add(new Request(numbering));
    } else if (!underWay.isEmpty()) {
      any(underWay).step();
    }
  }

  private void write() {
    Wish wish = reserving;
    if (wish == null) {
      if (demand.queued) {
        reserving = counter.wish(clock.now()).orElse(null);
      }
      return;
    }
    reserving = null;
    int dice = random.nextInt(10);
    if (dice == 0) {
      fail();
    } else if (dice == 1) {
      // applied, and the answer was lost
      row.reserve(wish, size(wish));
      fail();
    } else {
      grant(wish);
    }
  }

  /** A few numbers at a time, so that blocks change often; at times as many as are wished for. */
  private long size(Wish wish) {
    return random.nextInt(4) == 0 ? wish.size() : random.nextLong(1, 6);
  }

  private void fail() {
    demand.down = true;
    counter.failed();
  }

  private void grant(Wish wish) {
    Grant grant = row.reserve(wish, size(wish));
    demand.down = false;
    demand.queued = false;
    grantedPeriod = Math.max(grantedPeriod, grant.period());
    counter.granted(wish, grant);
  }

  private void restart() {
    Wish lost = reserving;
    boolean killed = random.nextBoolean();
    if (killed) {
      if (lost != null && random.nextBoolean()) {
        row.reserve(lost, size(lost));
      }
    } else {
      // a clean stop waits for the reservation under way
      if (lost != null) {
        grant(lost);
      }
      counters.close().forEach(row::giveBack);
      assertThat(underWay.stream().filter(request -> request.parked)).isEmpty();
      underWay.forEach(request -> assertThat(request.draw()).isEqualTo(Counter.CLOSED));
    }
    underWay.clear();
    reserving = null;
    demand.queued = false;
    demand.down = false;
    grantedPeriod = Long.MIN_VALUE;
    clock = new SteadyClock(wallMs::get, () -> wallMs.get() * 1_000_000, zone);
    counters = new Counters(clock, demand, 1, 5);
    counter = requireNonNull(counters.get(KEY));
  }

  /** Everything works from now on: every request comes to its end. */
  private void settle() {
    demand.neverFull = true;
    for (int i = 0; i < 200 && !underWay.isEmpty(); i++) {
      List.copyOf(underWay).forEach(Request::goOn);
      Wish wish = reserving != null ? reserving : counter.wish(clock.now()).orElse(null);
      reserving = null;
      if (wish != null) {
        grant(wish);
      }
    }
    assertThat(underWay).isEmpty();
    assertThat(counters.waiting()).isZero();
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private void issued(Request request, long number) {
    NumberRange range = request.numbering.range();
    assertThat(number).isBetween(range.min(), range.max());
    assertThat((number - range.min()) % STEP).isEqualTo(OFFSET);
    assertThat(request.period).isGreaterThanOrEqualTo(request.notBefore);
    assertThat(issued.add(new Issued(request.period, number)))
        .as("%d of %d for the first time", number, request.period)
        .isTrue();
    if (steady) {
      assertThat(issuedInTheHour.add(new Issued(request.hour, number)))
          .as("%d in the hour %d for the first time", number, request.hour)
          .isTrue();
    }
    issuedPeriod = Math.max(issuedPeriod, request.period);
  }

  /** Where the counter asks; full at times. */
  private final class Demand implements BlockDemand {
    boolean queued;
    boolean down;
    boolean neverFull;

    @Override
    public boolean want(Counter counter) {
      if (!neverFull && random.nextInt(20) == 0) {
        return false;
      }
      assertThat(queued).as("asked for while it is asked for").isFalse();
      queued = true;
      return true;
    }

    @Override
    public boolean isDown() {
      return down;
    }
  }

  /** A request for one number. */
  private final class Request implements Waiting {
    final Numbering numbering;
    long notBefore;
    long period;
    long hour;
    boolean began;
    boolean wantsToPark;
    boolean parked;

    Request(Numbering numbering) {
      this.numbering = numbering;
    }

    void step() {
      if (parked) {
        return;
      }
      if (!began) {
        begin();
      } else if (wantsToPark) {
        park();
      } else {
        wantsToPark = end(draw());
      }
    }

    /** As a thread does that is told of a block: as far as it can at once. */
    void goOn() {
      for (int i = 0; i < 10 && underWay.contains(this); i++) {
        step();
      }
    }

    private void begin() {
      notBefore = issuedPeriod;
      long earliest = counter.period();
      Moment moment = counter.clamp(clock.now(), numbering);
      assertThat(moment.local().toEpochSecond(ZoneOffset.UTC))
          .isGreaterThanOrEqualTo(grantedPeriod);
      period = Math.max(earliest, numbering.period().startOf(moment.local()));
      hour = Period.ofSeconds(3_600).startOf(moment.local());
      began = true;
    }

    long draw() {
      return counter.draw(numbering, period);
    }

    private boolean end(long drawn) {
      if (drawn == Counter.MOVED_ON) {
        began = false;
      } else if (drawn != Counter.EMPTY) {
        assertThat(drawn).isNotEqualTo(Counter.CLOSED);
        underWay.remove(this);
        if (drawn >= 0) {
          issued(this, drawn);
        }
      }
      return drawn == Counter.EMPTY;
    }

    private void park() {
      wantsToPark = false;
      Parking parking = counter.park(this, numbering, period);
      if (parking == Parking.PARKED) {
        parked = true;
      } else if (parking == Parking.RETRY) {
        began = random.nextBoolean();
      } else {
        underWay.remove(this);
      }
    }

    @Override
    public long deadlineNanos() {
      return random.nextLong(3) - 1;
    }

    @Override
    public int demand() {
      return 1;
    }

    @Override
    public void resume() {
      told();
      began = false;
    }

    @Override
    public void giveUp() {
      told();
      underWay.remove(this);
    }

    @Override
    public void closed() {
      giveUp();
    }

    private void told() {
      assertThat(parked).as("told once").isTrue();
      parked = false;
    }
  }
}
