package idserver.admin;

import idserver.counter.CounterKey;
import idserver.gapfree.Ask;
import idserver.gapfree.Asker;
import idserver.gapfree.Hold;
import idserver.gapfree.Holds;
import idserver.gapfree.Outcome;
import idserver.reserve.StoreException;
import idserver.rule.Rule;
import idserver.store.JpaHoldStore;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What an administrator sees and does of counters of gap-free rules. Thread-safe. */
public final class GapFreeCounters {
  private final Holds holds;
  private final JpaHoldStore store;

  public GapFreeCounters(Holds holds, JpaHoldStore store) {
    this.holds = holds;
    this.store = store;
  }

  /** The numbers that are not confirmed; see {@link JpaHoldStore#unconfirmed}. */
  List<Hold> unconfirmed(CounterKey key, long afterPeriod, long afterNumber, int most)
      throws StoreException {
    return store.unconfirmed(key, afterPeriod, afterNumber, most);
  }

  /** Has a counter go on above {@code to}; completes with whether that changed anything. */
  CompletionStage<Boolean> raise(CounterKey key, Rule rule, long to, long patienceNanos) {
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    holds.ask(
        new Ask.Raise(key, rule.numbering(), to),
        System.nanoTime() + patienceNanos,
        new Asker() {
          @Override
          public void settled(Outcome outcome) {
            done.complete(outcome instanceof Outcome.Raised raised && raised.first());
          }

          @Override
          public void unsettled() {
            refuse(503, "STORAGE_UNAVAILABLE", "the database did not answer: ask again");
          }

          @Override
          public void crowded() {
            refuse(429, "TOO_MANY", "too many requests wait for the database");
          }

          @Override
          public void closed() {
            refuse(503, "NOT_READY", "the server is stopping");
          }

          private void refuse(int status, String error, String message) {
            done.completeExceptionally(new AdminRefusal(status, error, message));
          }
        });
    return done;
  }
}
