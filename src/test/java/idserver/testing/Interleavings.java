package idserver.testing;

import java.util.List;
import java.util.stream.IntStream;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionResult;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.kotlinx.lincheck.util.ExceptionResult;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.verifier.Verifier;
import org.jspecify.annotations.Nullable;

/**
 * Has threads play against each other in every order, as far as a bound allows: orders with few
 * switches between threads come first. Memory is sequentially consistent in it, and {@link
 * System#nanoTime} stands still.
 *
 * @param orders how many orders were played
 * @param fault the order in which something went wrong, or null when nothing did
 */
public record Interleavings(int orders, @Nullable String fault) {
  /** How many orders are played at the most; {@code -Dmodel.orders=100000} for more. */
  private static final int MOST = Integer.getInteger("model.orders", 500);

  /** Plays until a fault has been found, all orders have been played, or so many. */
  public static Interleavings of(Class<? extends Play> play) {
    Stage.plays(play);
    List<List<Actor>> threads =
        IntStream.range(0, new Stage().countThreads())
            .mapToObj(i -> List.of(actor("thread" + i)))
            .toList();
    Counting.orders = 0;
    try {
      new ModelCheckingOptions()
          .iterations(0)
          .addCustomScenario(new ExecutionScenario(List.of(), threads, List.of(), null))
          .invocationsPerIteration(MOST)
          .minimizeFailedScenario(false)
          .verifier(Counting.class)
          .check(Stage.class);
      return new Interleavings(Counting.orders, null);
    } catch (LincheckAssertionError e) {
      // a short form of the order comes first, and all of it behind
      String told = String.valueOf(e.getMessage()).replaceFirst("(?s)Detailed trace:.*", "");
      return new Interleavings(Counting.orders + 1, told);
    }
  }

  private static Actor actor(String name) {
    try {
      return new Actor(Stage.class.getMethod(name), List.of());
    } catch (NoSuchMethodException e) {
      throw new AssertionError(e);
    }
  }

  /** Takes every result for good, as the play itself tells what is wrong, but not an exception. */
  public static final class Counting implements Verifier {
    private static int orders;

    /** For Lincheck. */
    public Counting(Class<?> sequentialSpecification) {}

    @Override
    public boolean verifyResults(ExecutionScenario scenario, ExecutionResult results) {
      orders++;
      return results.getParallelResultsWithClock().stream()
          .flatMap(List::stream)
          .noneMatch(each -> each.getResult() instanceof ExceptionResult);
    }
  }
}
