package idserver.rest;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Sends the answers of requests that had to wait for a block: the thread that brings the block must
 * not wait for their clients. Thread-safe; its queue is bounded by how many requests may wait.
 */
@ApplicationScoped
public class LateAnswers implements Executor {
  private static final int THREADS = 4;
  private static final long IDLE_S = 60;

  @Resource private ManagedThreadFactory threads;
  private ThreadPoolExecutor pool;

  @PostConstruct
  void start() {
    pool =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            IDLE_S,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            threads,
            // the application ends: who brings the answer sends it
            (answer, stopped) -> answer.run());
    pool.allowCoreThreadTimeOut(true);
  }

  @PreDestroy
  void stop() {
    pool.shutdown();
  }

  @Override
  public void execute(Runnable answer) {
    pool.execute(answer);
  }
}
