package idserver.model;

import idserver.counter.CounterKey;
import idserver.counter.Grant;
import idserver.counter.Leftover;
import idserver.counter.Wish;
import idserver.model.Rows.Change;
import idserver.model.Rows.RowKey;
import idserver.model.Rows.Version;
import idserver.reserve.Allocation;
import idserver.reserve.BlockStore;
import idserver.reserve.ConflictException;
import idserver.reserve.CounterState;
import idserver.reserve.StoreException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One server's way to the rows: others go on while it waits, answers are lost, statements come late
 * and servers die over it. Confined to one thread.
 */
final class LivingStore implements BlockStore {
  private final Life life;
  private final Home home;
  private final LivingServer server;
  private int conflicts;

  LivingStore(Life life, Home home, LivingServer server) {
    this.life = life;
    this.home = home;
    this.server = server;
  }

  @Override
  public List<Grant> reserve(List<Wish> wishes) throws StoreException {
    waits();
    Map<RowKey, Version> read =
        life.rows().read(wishes.stream().map(Wish::key).toList(), home.node());
    Map<RowKey, CounterState> written = new HashMap<>();
    List<Grant> grants = new ArrayList<>();
    for (Wish wish : wishes) {
      RowKey id = new RowKey(wish.key(), home.node());
      Version row = read.get(id);
      Grant grant = Allocation.next(row == null ? null : row.state, wish);
      grants.add(grant);
      if (grant.size() > 0) {
        written.put(id, Allocation.after(grant, wish));
      }
    }
    change(read, written, () -> committed(wishes, grants));
    return grants;
  }

  private void committed(List<Wish> wishes, List<Grant> grants) {
    for (int i = 0; i < grants.size(); i++) {
      Grant grant = grants.get(i);
      if (grant.size() > 0) {
        life.committed(
            home.node(),
            wishes.get(i).key(),
            wishes.get(i).numbering().range(),
            Allocation.after(grant, wishes.get(i)),
            grant.first());
      }
    }
  }

  @Override
  public Map<CounterKey, CounterState> find(Collection<CounterKey> keys) {
    waits();
    Map<CounterKey, CounterState> states = new HashMap<>();
    life.rows()
        .read(keys, home.node())
        .forEach((id, version) -> states.put(id.key(), version.state));
    return states;
  }

  @Override
  public int giveBack(List<Leftover> leftovers) throws StoreException {
    waits();
    Map<RowKey, Version> read =
        life.rows().read(leftovers.stream().map(Leftover::key).toList(), home.node());
    Map<RowKey, CounterState> written = new HashMap<>();
    for (Leftover leftover : leftovers) {
      RowKey id = new RowKey(leftover.key(), home.node());
      Version row = read.get(id);
      if (row != null
          && row.state.period() == leftover.period()
          && row.state.reserved() == leftover.reserved()) {
        written.put(id, row.state.promising(leftover.issued()));
      }
    }
    change(read, written, () -> {});
    return written.size();
  }

  /** Sends a statement, of which anything may become. */
  private void change(Map<RowKey, Version> read, Map<RowKey, CounterState> written, Runnable done)
      throws StoreException {
    Change change = life.rows().change(read, written);
    waits();
    if (!life.rows().canReach(change) || life.isUnlucky(5)) {
      throw failed(home + " is not answered, and has not written " + written.values());
    }
    if (life.isUnlucky(5)) {
      life.rows().delay(change);
      throw failed(home + " gives up writing " + written.values());
    }
    if (!life.rows().commit(change)) {
      conflicts++;
      if (conflicts > 3) {
        // it would pause now
        endWriter();
      }
      throw new ConflictException("changed", new IllegalStateException("on demand"));
    }
    conflicts = 0;
    done.run();
    if (life.isUnlucky(5)) {
      throw failed(home + " has written " + written.values() + ", and the answer is lost");
    }
    life.tell(home + " has written " + written.values());
    waits();
  }

  private StoreException failed(String how) {
    life.tell(how);
    endWriter();
    return new StoreException(how, new IllegalStateException("on demand"));
  }

  /** Has the writer end instead of pausing: its thread is interrupted, and another goes on. */
  static void endWriter() {
    Thread.currentThread().interrupt();
  }

  /** The thread waits, and whoever killed its server meanwhile has killed it. */
  @SuppressWarnings("ReferenceEquality") // this very process
  void waits() {
    life.meanwhile();
    if (home.living() != server) {
      throw new Life.Killed();
    }
  }
}
