package idserver.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One request of the application, with all its tries: one address after the other, round by round,
 * until one answers, one refuses for a reason that is the request's own, or the deadline is there.
 * The first answer with ids ends it, be it to an earlier try; ids that come afterwards are dropped.
 * Confined to the client's thread, but for the future.
 */
final class Call {
  private static final long FIRST_PAUSE_NANOS = Duration.ofMillis(10).toNanos();
  private static final int MOST_DOUBLINGS = 4;

  private final Question question;
  private final CompletableFuture<Answer> future = new CompletableFuture<>();
  private final Loop loop;
  private final Ports ports;
  private final Counts counts;
  private final long deadlineNanos;
  private final long patienceNanos;

  private final List<Try> open = new ArrayList<>(2);
  private final List<Port> tried = new ArrayList<>(2);
  private final Set<Integer> told = new HashSet<>(2);
  private final Map<Port, String> trail = new LinkedHashMap<>(2);
  private boolean httpOnly;
  private int begin;
  private int rounds;
  private int alarm;
  private int tries;
  private @Nullable Try current;
  private @Nullable Port last;
  private @Nullable Answer refusal;
  private @Nullable Answer verdict;

  Call(Question question, Duration patience, Loop loop, Ports ports, Counts counts) {
    this.question = question;
    this.loop = loop;
    this.ports = ports;
    this.counts = counts;
    this.patienceNanos = patience.toNanos();
    this.deadlineNanos = System.nanoTime() + patienceNanos;
  }

  CompletableFuture<Answer> future() {
    return future;
  }

  void begin() {
    if (loop.hasEnded()) {
      close();
      return;
    }
    if (!question.fitsDatagram() && !ports.haveHttp()) {
      String message = "larger than a datagram of " + Question.LARGEST_DATAGRAM + " bytes";
      fail(new IdClientException(IdClientException.TOO_LARGE, 0, message));
      return;
    }
    httpOnly = ports.isForHttp(question);
    begin = ports.begin();
    next(System.nanoTime());
  }

  private void next(long nowNanos) {
    if (future.isDone()) {
      end();
      return;
    }
    if (nowNanos - deadlineNanos >= 0) {
      fail(atDeadline());
      return;
    }
    Port port = ports.next(httpOnly, begin, tried, told, nowNanos);
    if (port == null) {
      endRound(nowNanos);
    } else {
      ask(port, nowNanos);
    }
  }

  private void ask(Port port, long nowNanos) {
    tries++;
    if (tries > 1) {
      counts.retries.increment();
      if (last != null && last.server() != port.server()) {
        counts.failOvers.increment();
      }
    }
    Try asking = new Try(this, port, loop.nextSeq(), nowNanos, port.health().begin(nowNanos));
    current = asking;
    last = port;
    tried.add(port);
    open.add(asking);
    trail.putIfAbsent(port, "no answer yet");
    wakeAt(nowNanos + patience(asking), nowNanos);
    port.ask(asking, question);
  }

  /** How long it is waited for an answer; at first half as long, if it may be asked again then. */
  private long patience(Try asked) {
    long timeout = asked.port.timeout().toNanos();
    boolean again = question.isRepeatable() && !asked.port.isHttp() && !asked.repeated;
    return again ? timeout / 2 : timeout;
  }

  private void endRound(long nowNanos) {
    if (verdict != null) {
      fail(verdict.refusal(""));
      return;
    }
    long half = (FIRST_PAUSE_NANOS << Math.min(rounds, MOST_DOUBLINGS)) / 2;
    rounds++;
    tried.clear();
    current = null;
    wakeAt(nowNanos + half + (long) (loop.random() * half), nowNanos);
  }

  private void wakeAt(long atNanos, long nowNanos) {
    alarm++;
    loop.wake(this, alarm, nowNanos + Math.min(atNanos - nowNanos, deadlineNanos - nowNanos));
  }

  /** The time is there that was asked for. */
  void woken(int number, long nowNanos) {
    if (number != alarm) {
      return;
    }
    Try silent = current;
    if (silent != null && isTimeToRepeat(silent, nowNanos)) {
      silent.repeated = true;
      wakeAt(silent.sentNanos + silent.port.timeout().toNanos(), nowNanos);
      if (silent.port.repeat(silent, question)) {
        counts.retries.increment();
      }
      return;
    }
    if (silent != null && nowNanos - silent.sentNanos >= silent.port.timeout().toNanos()) {
      silent.over = true;
      counts.timeouts.increment();
      silent.port.silent(silent, nowNanos);
      trail.put(silent.port, "silent for " + silent.port.timeout().toMillis() + " ms");
    }
    next(nowNanos);
  }

  /** Whether a datagram may have been lost and may be sent again: the ids stay the same. */
  private boolean isTimeToRepeat(Try asked, long nowNanos) {
    long waited = nowNanos - asked.sentNanos;
    return waited >= patience(asked)
        && waited < asked.port.timeout().toNanos()
        && !asked.over
        && !future.isDone()
        && nowNanos - deadlineNanos < 0
        && question.isRepeatable()
        && !asked.repeated
        && !asked.port.isHttp();
  }

  /** It failed before there was an answer. */
  void failed(Try asked, String reason) {
    long now = System.nanoTime();
    if (asked.over || future.isDone()) {
      return;
    }
    asked.over = true;
    asked.port.failed(now);
    trail.put(asked.port, reason);
    if (asked == current) {
      next(now);
    }
  }

  void answered(Try asked, Answer answer) {
    long now = System.nanoTime();
    Port port = asked.port;
    port.heard(now);
    if (answer.isOfTheServer()) {
      port.bad(now);
    } else {
      port.health().answered();
    }
    boolean late = asked.over;
    asked.over = true;
    if (answer.isRefusal()) {
      counts.refused.increment();
      refused(port, answer, !late && asked == current, now);
    } else if (answer.answers(question)) {
      succeed(answer);
    } else {
      trail.put(port, "answered something else");
      if (!late) {
        next(now);
      }
    }
  }

  private void refused(Port port, Answer answer, boolean goOn, long nowNanos) {
    trail.put(port, answer.error());
    if (answer.isTooLargeForUdp() && ports.haveHttp() && !port.isHttp()) {
      httpOnly = true;
    } else {
      refusal = answer;
      if (answer.isOfOneServer()) {
        told.add(port.server());
        verdict = answer;
      } else if (answer.isOfTheRequest()) {
        fail(answer.refusal(""));
        return;
      }
    }
    if (goOn) {
      next(nowNanos);
    }
  }

  private void succeed(Answer answer) {
    int ids = question.isGet() ? answer.ids().size() : 0;
    // counted first: who waits for it may look at once
    counts.ids.add(ids);
    if (!future.complete(answer)) {
      counts.ids.add(-ids);
      counts.lost.add(ids);
    }
    end();
  }

  private IdClientException atDeadline() {
    StringBuilder told = new StringBuilder();
    trail.forEach(
        (port, outcome) ->
            told.append(told.isEmpty() ? "" : "; ")
                .append(port.name())
                .append(": ")
                .append(outcome));
    String tried =
        "no ids within "
            + Duration.ofNanos(patienceNanos).toMillis()
            + " ms, after "
            + tries
            + (tries == 1 ? " try: " : " tries: ")
            + told;
    return refusal == null
        ? new IdClientException(IdClientException.NO_ANSWER, 0, tried)
        : refusal.refusal("; " + tried);
  }

  /** The client is being closed. */
  void close() {
    fail(new IdClientException(IdClientException.CLOSED, 0, "the client is closed"));
  }

  private void fail(IdClientException reason) {
    counts.failed.increment();
    if (!future.completeExceptionally(reason)) {
      counts.failed.decrement();
    }
    end();
  }

  private void end() {
    alarm++;
    current = null;
    for (Try asked : open) {
      asked.port.forget(asked);
      if (asked.probe && !asked.over) {
        asked.port.health().probeEnded();
      }
    }
    open.clear();
  }
}
