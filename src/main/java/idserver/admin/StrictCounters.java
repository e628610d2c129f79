package idserver.admin;

import idserver.counter.CounterKey;
import idserver.rule.Rule;
import idserver.strict.Lines;
import idserver.strict.Numbers;
import idserver.strict.Taker;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What an administrator does with counters of strict rules. Thread-safe. */
public final class StrictCounters {
  private final Lines lines;

  public StrictCounters(Lines lines) {
    this.lines = lines;
  }

  /** Has a counter go on above {@code to}; completes with whether that changed anything. */
  CompletionStage<Boolean> raise(CounterKey key, Rule rule, long to, long patienceNanos) {
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    lines.raise(
        key,
        rule.numbering(),
        to,
        System.nanoTime() + patienceNanos,
        new Taker() {
          @Override
          public void given(Numbers numbers) {
            done.complete(numbers.first() == to);
          }

          @Override
          public void exhausted() {
            done.complete(false);
          }

          @Override
          public void late() {
            unavailable();
          }

          @Override
          public void unavailable() {
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
