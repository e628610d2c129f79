package idserver.wire;

import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.LongStream;

/** Seeds of random runs: some that stay and a new one each time, to be found in the test's name. */
final class Seeds {
  private Seeds() {}

  static LongStream seeds() {
    return LongStream.of(1, 2, 3, ThreadLocalRandom.current().nextLong(1_000_000_000));
  }
}
