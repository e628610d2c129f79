package idserver.reserve;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import idserver.counter.Counter;
import idserver.counter.CounterKey;
import idserver.counter.Counters;
import idserver.counter.NumberRange;
import idserver.counter.Numbering;
import idserver.counter.Period;
import idserver.counter.SteadyClock;
import idserver.reserve.InMemoryBlockStore.Outcome;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReservationsStressTest {
  private static final Numbering HOURLY =
      new Numbering(new NumberRange(0, 3_000, 2, 1), Period.named("hour").orElseThrow(), 5);
  private static final int WRITERS = 3;
  private static final int REQUESTING = 4;
  private static final int COUNTERS = 5;

  private final ExecutorService threads = Executors.newFixedThreadPool(WRITERS + REQUESTING);
  private final AtomicLong wallMs = new AtomicLong();
  private final SteadyClock clock =
      new SteadyClock(wallMs::get, () -> wallMs.get() * 1_000_000, ZoneOffset.UTC);

  @AfterEach
  void endThreads() {
    threads.shutdownNow();
  }

  private Reservations reservations(BlockStore store, int writers) {
    return new Reservations(
        store, clock, writers, 1_000, toDrain -> threads.execute(toDrain::drain));
  }

  @Test
  void everyRequestIsAnsweredOnceAndNoNumberComesTwice() throws Exception {
    Reservations reservations = reservations(failing(new SplittableRandom(5)), WRITERS);
    Counters counters = new Counters(clock, reservations, COUNTERS, 10_000);
    List<Future<List<Request>>> requesting = new ArrayList<>();
    for (int i = 0; i < REQUESTING; i++) {
      RandomGenerator random = new SplittableRandom(i);
      requesting.add(threads.submit(() -> request(counters, random, 20_000)));
    }
    List<Request> requests = new ArrayList<>();
    for (Future<List<Request>> thread : requesting) {
      requests.addAll(thread.get(60, TimeUnit.SECONDS));
    }

    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> requests.stream().noneMatch(request -> request.told.isEmpty()));
    reservations.stop();
    assertThat(reservations.awaitIdle(10_000)).isTrue();

    assertThat(requests).allSatisfy(request -> assertThat(request.told).hasSize(1));
    List<Request> served = requests.stream().filter(request -> request.told.get(0) >= 0).toList();
    assertThat(served).hasSizeGreaterThan(1_000);
    Set<Request.Issued> issued = new HashSet<>();
    for (Request request : served) {
      assertThat(request.told.get(0)).isBetween(1L, 2_999L).matches(number -> number % 2 == 1);
      assertThat(issued.add(request.issued())).as("%s", request.issued()).isTrue();
    }
    assertThat(counters.waiting()).isZero();
  }

  /** One call in a hundred fails or loses its answer, more conflict; time goes on with each. */
  private BlockStore failing(SplittableRandom random) {
    return new InMemoryBlockStore(
        new InMemoryBlockStore.Storage(),
        0,
        () -> {
          int dice;
          synchronized (random) {
            dice = random.nextInt(1_000);
          }
          wallMs.addAndGet(60_000);
          return dice < 5
              ? Outcome.FAILS
              : dice < 10 ? Outcome.ANSWER_LOST : dice < 60 ? Outcome.CONFLICTS : Outcome.WORKS;
        });
  }

  private List<Request> request(Counters counters, RandomGenerator random, int times) {
    List<Request> requests = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      CounterKey key = new CounterKey("rule", "app" + random.nextInt(COUNTERS));
      Counter counter = requireNonNull(counters.get(key));
      requests.add(new Request(counter, HOURLY, clock).run());
    }
    return requests;
  }

  /** Each wish comes just when the only writer finds nothing more to do. */
  @Test
  void noWishIsLostBetweenTheLastLookOfAWriterAndItsEnd() throws Exception {
    Numbering one = new Numbering(new NumberRange(0, 1_000_000, 1, 0), Period.NEVER, 1);
    BlockStore store = new InMemoryBlockStore(new InMemoryBlockStore.Storage(), 0);
    Reservations reservations = reservations(store, 1);
    Counters counters = new Counters(clock, reservations, 20_000, 10);
    Future<?> asking =
        threads.submit(
            () -> {
              for (int i = 0; i < 20_000; i++) {
                CounterKey key = new CounterKey("rule", "app" + i);
                Request request = new Request(requireNonNull(counters.get(key)), one, clock).run();
                while (request.told.isEmpty()) {
                  Thread.onSpinWait();
                }
                assertThat(request.told).containsExactly(0L);
              }
            });

    asking.get(30, TimeUnit.SECONDS);
    reservations.stop();
    assertThat(reservations.awaitIdle(10_000)).isTrue();
  }
}
