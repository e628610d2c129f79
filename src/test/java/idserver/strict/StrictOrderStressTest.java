package idserver.strict;

import static org.assertj.core.api.Assertions.assertThat;

import idserver.counter.CounterKey;
import idserver.counter.NumberRange;
import idserver.counter.Numbering;
import idserver.counter.Period;
import idserver.counter.SteadyClock;
import idserver.reserve.InMemoryBlockStore;
import idserver.reserve.InMemoryBlockStore.Outcome;
import idserver.reserve.Reservations;
import idserver.testing.Sequence;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Servers on one store, whose commits conflict, fail and are answered late or never, and clients
 * that ask any of them, with little patience.
 */
class StrictOrderStressTest {
  private static final CounterKey KEY = new CounterKey("ticket", "shop");
  private static final Numbering MINUTELY =
      new Numbering(NumberRange.shared(0, 1_000_000), Period.ofSeconds(60), 1);
  private static final int SERVERS = 3;
  private static final int CLIENTS = 12;
  private static final int REQUESTS = 1_500;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final InMemoryBlockStore.Storage storage = new InMemoryBlockStore.Storage();
  private final AtomicLong wallMs = new AtomicLong();
  private final Sequence sequence = new Sequence();

  @AfterEach
  void endThreads() {
    threads.shutdownNow();
  }

  private Lines server(int number) {
    SplittableRandom random = new SplittableRandom(number);
    // the clocks differ
    SteadyClock clock =
        new SteadyClock(
            () -> wallMs.get() + 2_000L * number, () -> wallMs.get() * 1_000_000, ZoneOffset.UTC);
    InterruptedStore store =
        new InterruptedStore(
            new InMemoryBlockStore(
                storage,
                -1,
                () -> {
                  wallMs.addAndGet(20);
                  int dice = next(random, 1_000);
                  return dice < 3
                      ? Outcome.FAILS
                      : dice < 6
                          ? Outcome.ANSWER_LOST
                          : dice < 50 ? Outcome.CONFLICTS : Outcome.WORKS;
                }));
    store.beforeCommit = () -> LockSupport.parkNanos(next(random, 100_000));
    store.afterCommit = () -> LockSupport.parkNanos(next(random, 300_000));
    Reservations reservations =
        new Reservations(store, clock, 2, 100, work -> threads.execute(work::drain));
    return new Lines(reservations, clock, 1_000);
  }

  private static int next(SplittableRandom random, int bound) {
    synchronized (random) {
      return random.nextInt(bound);
    }
  }

  /** A taker that hands over what it is told. */
  private static final class Waiting implements Taker {
    static final Object REFUSED = new Object();
    final BlockingQueue<Object> told = new ArrayBlockingQueue<>(2);

    @Override
    public void given(Numbers numbers) {
      told.add(numbers);
    }

    @Override
    public void exhausted() {
      told.add(REFUSED);
    }

    @Override
    public void late() {
      told.add(REFUSED);
    }

    @Override
    public void unavailable() {
      told.add(REFUSED);
    }

    @Override
    public void crowded() {
      told.add(REFUSED);
    }

    @Override
    public void closed() {
      told.add(REFUSED);
    }
  }

  private int ask(List<Lines> servers, int client) throws InterruptedException {
    SplittableRandom random = new SplittableRandom(1_000 + client);
    int refused = 0;
    for (int served = 0; served < REQUESTS; ) {
      Lines server = servers.get(random.nextInt(SERVERS));
      int count = 1 + random.nextInt(3);
      long patience = random.nextInt(20) == 0 ? 200_000 : 50_000_000;
      Waiting waiting = new Waiting();
      long asked = System.nanoTime();
      server.take(KEY, MINUTELY, count, asked + patience, waiting);
      Object told = waiting.told.poll(20, TimeUnit.SECONDS);
      long answered = System.nanoTime();
      if (told instanceof Numbers numbers) {
        assertThat(MINUTELY.period().startOf(numbers.moment().local())).isEqualTo(numbers.period());
        sequence.add(
            new Sequence.Answer(
                asked, answered, numbers.period(), numbers.first(), numbers.first() + count - 1));
        served++;
      } else {
        assertThat(told).isSameAs(Waiting.REFUSED);
        refused++;
        LockSupport.parkNanos(1_000_000);
      }
      assertThat(waiting.told).isEmpty();
    }
    return refused;
  }

  @Test
  void whoAsksAfterAnAnswerHasAHigherNumberWhicheverServersBothAsk() throws Exception {
    List<Lines> servers = new ArrayList<>();
    for (int i = 0; i < SERVERS; i++) {
      Lines server = server(i);
      servers.add(server);
      threads.execute(
          () -> {
            while (!Thread.currentThread().isInterrupted()) {
              server.awaitWaiting(100_000);
              server.expire(System.nanoTime());
            }
          });
    }
    List<Future<Integer>> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      int client = i;
      clients.add(threads.submit(() -> ask(servers, client)));
    }
    int refused = 0;
    for (Future<Integer> client : clients) {
      refused += client.get(120, TimeUnit.SECONDS);
    }

    assertThat(sequence.violations()).isEmpty();
    assertThat(sequence.duplicates()).isEmpty();
    assertThat(sequence.size()).isEqualTo(CLIENTS * REQUESTS);
    assertThat(refused).isPositive();
    servers.forEach(Lines::stop);
    assertThat(servers).allMatch(server -> server.waiting() == 0);
  }
}
