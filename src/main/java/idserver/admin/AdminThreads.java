package idserver.admin;

import idserver.reserve.StoreException;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Does the work of administrators, which may wait for the database: the threads of HTTP have ids to
 * issue meanwhile. Thread-safe.
 */
@ApplicationScoped
public class AdminThreads {
  private static final Logger LOG = Logger.getLogger(AdminThreads.class.getName());

  private static final int THREADS = 2;
  private static final int QUEUE = 50;
  private static final long IDLE_S = 60;

  @Resource private ManagedThreadFactory threads;
  private ThreadPoolExecutor pool;

  /** Work that may be refused. */
  interface Work<T> {
    T run() throws AdminRefusal, StoreException;
  }

  @PostConstruct
  void start() {
    pool =
        new ThreadPoolExecutor(
            THREADS, THREADS, IDLE_S, TimeUnit.SECONDS, new ArrayBlockingQueue<>(QUEUE), threads);
    pool.allowCoreThreadTimeOut(true);
  }

  @PreDestroy
  void stop() {
    pool.shutdownNow();
  }

  /** Answers with what the work comes to. */
  CompletionStage<Response> answer(Work<? extends Record> work) {
    return answerLater(() -> CompletableFuture.completedFuture(work.run()));
  }

  /** Answers with what the work comes to in the end. */
  <T extends Record> CompletionStage<Response> answerLater(Work<CompletionStage<T>> work) {
    CompletableFuture<CompletionStage<T>> begun = new CompletableFuture<>();
    try {
      pool.execute(
          () -> {
            try {
              begun.complete(work.run());
            } catch (AdminRefusal | StoreException | RuntimeException e) {
              begun.completeExceptionally(e);
            }
          });
    } catch (RejectedExecutionException e) {
      begun.completeExceptionally(e);
    }
    return begun
        .thenCompose(stage -> stage)
        // told by a thread of this pool: who brings a block has others to serve
        .handleAsync(
            (entity, failure) -> failure == null ? AdminAnswer.ok(entity) : failed(failure), pool)
        .exceptionally(AdminThreads::failed);
  }

  private static Response failed(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof AdminRefusal refusal) {
      return AdminAnswer.refused(refusal);
    }
    if (cause instanceof StoreException) {
      return AdminAnswer.refused(
          new AdminRefusal(
              503, "STORAGE_UNAVAILABLE", "the database does not answer: " + cause.getMessage()));
    }
    if (cause instanceof RejectedExecutionException) {
      return AdminAnswer.refused(
          new AdminRefusal(429, "TOO_MANY", "too many administrators ask at once: ask again"));
    }
    LOG.log(Level.SEVERE, "A request of an administrator failed by a fault of the server", cause);
    return AdminAnswer.refused(
        new AdminRefusal(500, "SERVER_FAULT", "fault of the server: see its log"));
  }
}
