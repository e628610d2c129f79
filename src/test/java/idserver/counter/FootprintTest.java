package idserver.counter;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import idserver.reserve.Allocation;
import java.lang.management.ManagementFactory;
import java.time.ZoneOffset;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

/** What a live namespace weighs, by the virtual machine's own histogram of its heap. */
class FootprintTest {
  private static final int NAMESPACES = 100_000;

  /** Number, instances, bytes, class. */
  private static final Pattern LINE =
      Pattern.compile("\\s*\\d+:\\s+(?<instances>\\d+)\\s+(?<bytes>\\d+)\\s+(?<type>\\S+).*");

  private static final Numbering NUMBERING =
      new Numbering(new NumberRange(0, 999_999_999_999L, 1, 0), Period.NEVER, 100);

  private final FakeDemand demand = new FakeDemand();
  private final SteadyClock clock = new SteadyClock(() -> 0, ZoneOffset.UTC);
  private final Counters counters = new Counters(clock, demand, NAMESPACES, 1);

  @Test
  void aHundredThousandNamespacesWeighAtMost400BytesEachBeyondTheirNames() throws Exception {
    long before = bytesBeyondNames();
    namespaces().forEach(app -> counter(app).park(new FakeWaiting(), NUMBERING, 0));
    grantAll();
    long one = (bytesBeyondNames() - before) / NAMESPACES;
    // half of the block in hand is used, and the next one is there
    namespaces().forEach(app -> IntStream.rangeClosed(0, 50).forEach(i -> draw(counter(app))));
    grantAll();
    long two = (bytesBeyondNames() - before) / NAMESPACES;

    System.out.printf("a namespace: %d bytes with one block, %d with two%n", one, two);
    assertThat(counters.size()).isEqualTo(NAMESPACES);
    assertThat(one).isBetween(100L, 400L);
    assertThat(two).isBetween(one + 1, 400L);
  }

  @Test
  void theCountersOfARuleShareItsName() {
    CounterKey first = counter("a").key();
    CounterKey second = counter("b").key();

    assertThat(second.rule()).isSameAs(first.rule());
  }

  private static List<String> namespaces() {
    return IntStream.range(0, NAMESPACES).mapToObj(i -> "shop " + i).toList();
  }

  private Counter counter(String app) {
    // a name of its own, as each request has
    return requireNonNull(counters.get(new CounterKey(String.join("_", "order", "id"), app)));
  }

  private static void draw(Counter counter) {
    assertThat(counter.draw(NUMBERING, 0)).isNotNegative();
  }

  private void grantAll() {
    assertThat(demand.asked).hasSize(NAMESPACES);
    for (Counter counter : demand.asked) {
      Wish wish = counter.wish(clock.now()).orElseThrow();
      counter.granted(wish, Allocation.next(null, wish));
    }
    demand.asked.clear();
  }

  /** All that is alive but texts. */
  private static long bytesBeyondNames() throws JMException {
    String histogram =
        (String)
            ManagementFactory.getPlatformMBeanServer()
                .invoke(
                    new ObjectName("com.sun.management:type=DiagnosticCommand"),
                    "gcClassHistogram",
                    new Object[] {new String[0]},
                    new String[] {String[].class.getName()});
    long bytes = 0;
    for (String line : histogram.lines().toList()) {
      Matcher matcher = LINE.matcher(line);
      if (matcher.matches() && !matcher.group("type").matches("java\\.lang\\.String|\\[B")) {
        bytes += Long.parseLong(matcher.group("bytes"));
      }
    }
    assertThat(bytes).as(histogram).isPositive();
    return bytes;
  }
}
