package idserver.gapfree;

import idserver.counter.SteadyClock;

class InMemoryHoldStoreTest extends HoldStoreContractTest {
  private final InMemoryHoldStore.Storage storage = new InMemoryHoldStore.Storage();

  @Override
  protected HoldStore store() {
    return store(clock());
  }

  @Override
  protected HoldStore store(SteadyClock itsClock) {
    return new InMemoryHoldStore(
        storage, itsClock, this::databaseSecond, () -> InMemoryHoldStore.Fault.NONE);
  }
}
