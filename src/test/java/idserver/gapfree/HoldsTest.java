package idserver.gapfree;

import static org.assertj.core.api.Assertions.assertThat;

import idserver.counter.CounterKey;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HoldsTest {
  private static final CounterKey KEY = new CounterKey("invoice", "shop");

  @Test
  void countsHowOftenTheDatabaseHasComeBackOlder() {
    HoldStore older =
        (asks, marks) -> new Settled(List.of(new Outcome.Cancelled(false)), Map.of(), Set.of(KEY));
    Holds holds = new Holds(older, 1, 10, Runnable::run);
    assertThat(holds.figures().older()).isZero();

    holds.ask(new Ask.Cancel(KEY, "order-1"), System.nanoTime(), new Nobody());

    assertThat(holds.figures().older()).isEqualTo(1);
  }

  /** Does not listen. */
  private static final class Nobody implements Asker {
    @Override
    public void settled(Outcome outcome) {}

    @Override
    public void unsettled() {}

    @Override
    public void crowded() {}

    @Override
    public void closed() {}
  }
}
