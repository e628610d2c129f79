package idserver.model;

import static org.assertj.core.api.Assertions.assertThat;

import idserver.counter.Counter;
import idserver.reserve.Allocation;
import idserver.reserve.RememberingStore;
import idserver.testing.Mutant;
import java.util.function.LongFunction;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The product's own classes live through what the model does, by many seeds. */
class ConformancePropertiesTest {
  private static final int SEEDS = Integer.getInteger("model.seeds", 300);

  private final Logger root = Logger.getLogger("");
  private final Level level = root.getLevel();

  /** Outages and alarms are what this is about. */
  @BeforeEach
  void silence() {
    root.setLevel(Level.OFF);
  }

  @AfterEach
  void speak() {
    root.setLevel(level);
  }

  private static String firstFault(LongFunction<String> lives) {
    return LongStream.range(0, SEEDS)
        .mapToObj(lives)
        .filter(fault -> !fault.isEmpty())
        .findFirst()
        .orElse("");
  }

  private static void finds(Class<?> faulty, String before, String after, String fault)
      throws ReflectiveOperationException {
    Class<? extends Lives> copy = new Mutant().with(faulty, before, after).load(Lives.class);
    @SuppressWarnings("unchecked") // which is what it implements
    LongFunction<String> lives =
        (LongFunction<String>) (Object) copy.getDeclaredConstructor().newInstance();

    assertThat(firstFault(lives)).contains(fault);
  }

  @Test
  @DisplayName("noNumberComesTwiceWhateverHappens, seeds 0 to 299")
  void noNumberComesTwiceWhateverHappens() {
    Lives lives = new Lives();

    assertThat(firstFault(lives)).isEmpty();
    assertThat(lives.countIssued()).isGreaterThan(20L * SEEDS);
    System.out.println(SEEDS + " lives, " + lives.countIssued() + " numbers");
  }

  @Test
  void findsAServerThatForgetsWhatItWasGranted() throws Exception {
    finds(Allocation.class, "List.of(stored, known)", "List.of(stored)", "was issued twice");
  }

  @Test
  void findsARestartThatBelievesTheDatabaseAlone() throws Exception {
    finds(
        RememberingStore.class,
        "List<Wish> informed = wishes.stream().map(this::informed).toList();",
        "List<Wish> informed = wishes;",
        "was issued twice");
  }

  @Test
  void findsABlockThatIsNotRemembered() throws Exception {
    finds(RememberingStore.class, "file.raise(reserved);", "", "is not in the file");
  }

  @Test
  void findsAGiveBackThatLeavesTheFileAsItIs() throws Exception {
    finds(
        RememberingStore.class, "file.lower(unused);", "", "says that the database has come back");
  }

  @Test
  void findsAPeriodThatGoesBack() throws Exception {
    finds(Allocation.class, "period = Math.max(period, stored.period());", "", "was issued twice");
  }

  @Test
  void findsAGiveBackOfWhatSomebodyElseHasBetween() throws Exception {
    finds(
        Counter.class,
        "following == null || following.follows(inHand)",
        "following == null || following.size() > 0",
        "was issued twice");
  }
}
