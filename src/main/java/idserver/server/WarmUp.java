package idserver.server;

import idserver.counter.CounterKey;
import idserver.counter.Counters;
import idserver.counter.Grant;
import idserver.counter.Leftover;
import idserver.counter.SteadyClock;
import idserver.counter.Wish;
import idserver.issue.IdIssuer;
import idserver.issue.IdRequest;
import idserver.issue.NewNames;
import idserver.issue.Receiver;
import idserver.issue.Refusal;
import idserver.issue.RepetitionSettings;
import idserver.issue.TimeIdSource;
import idserver.reserve.Allocation;
import idserver.reserve.BlockStore;
import idserver.reserve.CounterState;
import idserver.reserve.Reservations;
import idserver.reserve.StoreException;
import idserver.rule.Ids;
import idserver.rule.Rule;
import idserver.rule.Rules;
import idserver.store.JpaBlockStore;
import idserver.strict.Lines;
import idserver.wire.AnswerEncoder;
import idserver.wire.RequestDecoder;
import idserver.wire.Seq;
import idserver.wire.WireRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.logging.Logger;

/**
 * Goes the way of requests and reservations some times before the first client does: code that has
 * never run takes longer than a request over UDP may wait. Touches no counter of the server and
 * leaves nothing behind. Confined to the thread that starts the server.
 */
final class WarmUp {
  private static final Logger LOG = Logger.getLogger(WarmUp.class.getName());

  /** Namespaces of each rule: each has a first block, which is the slow way. */
  private static final int NAMESPACES = 20;

  /** Further requests of each rule. */
  private static final int REQUESTS = 2_000;

  /** How many counters wish for a block at once: in the end as many as a burst brings. */
  private static final int[] REHEARSALS = {1, 10, 50, 50, 50};

  private static final long PATIENCE_S = 20;

  private WarmUp() {}

  /**
   * Has every rule make ids, from bytes to bytes, with counters that are thrown away and
   * reservations that are rolled back.
   *
   * @param startWriter has another thread drain, as for the reservations that count
   * @throws StoreException when the database refuses a reservation
   */
  static void run(
      Rules rules, SteadyClock clock, JpaBlockStore store, Consumer<Reservations> startWriter)
      throws StoreException {
    // first by itself: what the database says is told, and not taken for an outage
    for (int counters : REHEARSALS) {
      store.rehearse(counters);
    }
    Reservations reservations = new Reservations(new Rehearsed(store), clock, 1, 10, startWriter);
    Counters counters = new Counters(clock, reservations, Integer.MAX_VALUE, 10);
    IdIssuer issuer =
        new IdIssuer(
            rules,
            counters,
            clock,
            (key, found, failed) -> false,
            TimeIdSource.NONE,
            new NewNames(Integer.MAX_VALUE, 0),
            RepetitionSettings.DEFAULT,
            null,
            new Lines(reservations, clock, 10),
            0);
    issuer.open();
    RequestDecoder decoder = new RequestDecoder();
    for (Rule rule : rules.current().rules()) {
      // each of a strict one goes all the way to the database: a few are enough
      int requests = rule.isStrict() ? NAMESPACES : NAMESPACES + REQUESTS;
      for (int i = 0; i < requests; i++) {
        ask(rule, i % NAMESPACES, decoder, issuer);
      }
    }
    reservations.stop();
  }

  private static void ask(Rule rule, int namespace, RequestDecoder decoder, IdIssuer issuer) {
    byte[] request =
        ("{\"action\":\"get\",\"rule_name\":\""
                + rule.name()
                + "\",\"app_name\":\""
                + namespace
                + "\"}")
            .getBytes(StandardCharsets.UTF_8);
    if (decoder.decode(request, 0, request.length) instanceof WireRequest decoded) {
      Discard answer = new Discard();
      long patienceNanos = TimeUnit.SECONDS.toNanos(PATIENCE_S);
      issuer.issue(new IdRequest(decoded.key(), decoded.salt(), 1, patienceNanos), answer);
      answer.await();
    }
  }

  /** Encodes an answer for nobody. */
  private static final class Discard implements Receiver {
    private final CountDownLatch told = new CountDownLatch(1);

    @Override
    public void issued(Ids ids) {
      AnswerEncoder.one(ids, Seq.NONE);
      told.countDown();
    }

    @Override
    public void refused(Refusal refusal) {
      AnswerEncoder.refused(refusal, Seq.NONE);
      told.countDown();
    }

    void await() {
      try {
        if (!told.await(PATIENCE_S, TimeUnit.SECONDS)) {
          LOG.warning(
              "The database takes long for a first reservation: look at its load and its disk");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** A store that goes the way to the database and leaves nothing there. */
  private static final class Rehearsed implements BlockStore {
    private final JpaBlockStore store;
    // for the one writer's thread at a time
    private final Map<CounterKey, CounterState> states = new ConcurrentHashMap<>();

    Rehearsed(JpaBlockStore store) {
      this.store = store;
    }

    @Override
    public List<Grant> reserve(List<Wish> wishes) throws StoreException {
      store.rehearse(wishes.size());
      List<Grant> grants = new ArrayList<>();
      for (Wish wish : wishes) {
        Grant grant = Allocation.next(states.get(wish.key()), wish);
        grants.add(grant);
        if (grant.size() > 0) {
          states.put(wish.key(), Allocation.after(grant, wish));
        }
      }
      return grants;
    }

    @Override
    public Map<CounterKey, CounterState> find(Collection<CounterKey> keys) {
      return Map.of();
    }

    @Override
    public int giveBack(List<Leftover> leftovers) {
      return 0;
    }
  }
}
