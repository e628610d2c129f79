package idserver.udp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ErrorLimitTest {
  private static final int PER_SECOND = 1000;
  private static final int BURST = 2000;
  private static final long SECOND = 1_000_000_000;

  private long now = Long.MAX_VALUE - SECOND;
  private final ErrorLimit limit = new ErrorLimit(PER_SECOND, () -> now, 42);

  private static SocketAddress source(String address) throws UnknownHostException {
    return new InetSocketAddress(InetAddress.getByName(address), 5000);
  }

  private static SocketAddress source(int address) throws UnknownHostException {
    byte[] bytes = {
      (byte) (address >> 24), (byte) (address >> 16), (byte) (address >> 8), (byte) address
    };
    return new InetSocketAddress(InetAddress.getByAddress(bytes), 5000);
  }

  private int sent(SocketAddress to, int errors) {
    return (int) IntStream.range(0, errors).filter(i -> limit.allows(to)).count();
  }

  @Test
  void sendsABurstAndThenSoManyASecond() throws Exception {
    SocketAddress source = source("192.0.2.1");

    assertThat(sent(source, 10_000)).isEqualTo(BURST);
    // the clock of a process may pass its largest value
    for (int second = 0; second < 3; second++) {
      now += SECOND;
      assertThat(sent(source, 10_000)).isEqualTo(PER_SECOND);
    }
    now += 3600 * SECOND;
    assertThat(sent(source, 10_000)).isEqualTo(BURST);
  }

  @Test
  void zeroIsNoLimit() throws Exception {
    ErrorLimit none = new ErrorLimit(0, () -> now, 42);
    SocketAddress source = source("192.0.2.1");

    assertThat(IntStream.range(0, 10_000).allMatch(i -> none.allows(source))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, 192.0.2.254, true",
    "192.0.2.1, 192.0.3.1, false",
    "192.0.2.1, 193.0.2.1, false",
    "2001:db8:1:ff00::1, 2001:db8:1:ffff:ffff::2, true",
    "2001:db8:1:ff00::1, 2001:db8:1:fe00::1, false",
    "::ffff:192.0.2.1, 192.0.2.7, true",
    "::c000:201, 192.0.2.1, false"
  })
  void aNetworkSharesALimit(String one, String other, boolean same) throws Exception {
    sent(source(one), BURST);
    assertThat(limit.allows(source(other))).isEqualTo(!same);
  }

  static LongStream seeds() {
    return LongStream.of(1, 2, 3);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aMillionForgedSourcesSilenceNobody(long seed) throws Exception {
    ErrorLimit flooded = new ErrorLimit(PER_SECOND, () -> now, seed);
    RandomGenerator random = new SplittableRandom(seed);
    // 200 000 a second, for five seconds, each from another address
    for (int i = 0; i < 1_000_000; i++) {
      now += SECOND / 200_000;
      assertThat(flooded.allows(source(random.nextInt()))).isTrue();
    }
    assertThat(flooded.allows(source("192.0.2.1"))).isTrue();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aFewHundredNetworksThatFloodSilenceHardlyAnybodyAndNotForLong(long seed) throws Exception {
    ErrorLimit flooded = new ErrorLimit(PER_SECOND, () -> now, seed);
    for (int network = 0; network < 400; network++) {
      SocketAddress source = source((10 << 24) | (network << 8));
      while (flooded.allows(source)) {
        // until it is silenced
      }
    }
    int silenced = 0;
    for (int network = 0; network < 10_000; network++) {
      silenced += flooded.allows(source((20 << 24) | (network << 8))) ? 0 : 1;
    }
    // (400 / 8192)^2 of them are 24
    assertThat(silenced).isLessThan(100);
    now += 2 * SECOND;
    for (int network = 0; network < 1_000; network++) {
      assertThat(flooded.allows(source((30 << 24) | (network << 8)))).isTrue();
    }
  }

  @Test
  void threadsAtOnceSendHardlyMoreThanOne() throws Exception {
    int threads = 4;
    SocketAddress source = source("192.0.2.1");
    CountDownLatch go = new CountDownLatch(1);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      var counts =
          IntStream.range(0, threads)
              .mapToObj(
                  i ->
                      pool.submit(
                          () -> {
                            go.await();
                            return sent(source, 20_000);
                          }))
              .toList();
      go.countDown();
      int sent = 0;
      for (Future<Integer> count : counts) {
        sent += count.get();
      }
      // those that come in one moment may count as one
      assertThat(sent).isBetween(BURST, threads * BURST);
      assertThat(limit.allows(source)).isFalse();
    } finally {
      pool.shutdown();
    }
  }
}
