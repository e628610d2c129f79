package idserver.server;

import idserver.counter.CounterKey;
import idserver.counter.Counters;
import idserver.counter.Grant;
import idserver.counter.Leftover;
import idserver.counter.SteadyClock;
import idserver.counter.Wish;
import idserver.issue.IdIssuer;
import idserver.issue.IdRequest;
import idserver.issue.Receiver;
import idserver.issue.Refusal;
import idserver.reserve.Allocation;
import idserver.reserve.BlockStore;
import idserver.reserve.CounterState;
import idserver.reserve.Reservations;
import idserver.reserve.StoreException;
import idserver.rule.Rule;
import idserver.rule.Rules;
import idserver.store.JpaBlockStore;
import idserver.wire.AnswerEncoder;
import idserver.wire.RequestDecoder;
import idserver.wire.Seq;
import idserver.wire.WireRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Goes the way of requests and reservations some times before the first client does: code that has
 * never run takes longer than a request over UDP may wait. Touches no counter of the server and
 * leaves nothing behind. Confined to the thread that starts the server.
 */
final class WarmUp {
  private static final int RESERVATIONS = 30;
  private static final int REQUESTS = 2_000;

  private WarmUp() {}

  /** Rehearses reservations on the real database. */
  static void reservations(JpaBlockStore store) throws StoreException {
    for (int i = 0; i < RESERVATIONS; i++) {
      store.rehearse();
    }
  }

  /** Has every rule make ids, from bytes to bytes, with counters that are thrown away. */
  static void requests(Rules rules, SteadyClock clock) {
    Reservations reservations = new Reservations(new Scratch(), clock, 1, 1, Reservations::drain);
    Counters counters = new Counters(clock, reservations, Integer.MAX_VALUE, 1);
    IdIssuer issuer = new IdIssuer(rules, counters, clock, (key, found, failed) -> false, 0);
    issuer.open();
    RequestDecoder decoder = new RequestDecoder();
    for (Rule rule : rules.current().rules()) {
      for (int i = 0; i < REQUESTS; i++) {
        // some namespaces, so that there are first blocks as well
        byte[] request =
            ("{\"action\":\"get\",\"rule_name\":\""
                    + rule.name()
                    + "\",\"app_name\":\""
                    + i % 50
                    + "\"}")
                .getBytes(StandardCharsets.UTF_8);
        if (decoder.decode(request, 0, request.length) instanceof WireRequest decoded) {
          issuer.issue(
              new IdRequest(decoded.ruleName(), decoded.appName(), decoded.salt(), 1, 0),
              new Discard());
        }
      }
    }
  }

  /** Encodes an answer for nobody. */
  private static final class Discard implements Receiver {
    @Override
    public void issued(List<String> ids) {
      AnswerEncoder.one(ids.get(0), Seq.NONE);
    }

    @Override
    public void refused(Refusal refusal) {
      AnswerEncoder.refused(refusal, Seq.NONE);
    }
  }

  /** A store that forgets everything with the warm-up. */
  private static final class Scratch implements BlockStore {
    private final Map<CounterKey, CounterState> states = new HashMap<>();

    @Override
    public List<Grant> reserve(List<Wish> wishes) {
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
