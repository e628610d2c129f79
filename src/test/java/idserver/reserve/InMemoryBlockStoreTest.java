package idserver.reserve;

class InMemoryBlockStoreTest extends BlockStoreContractTest {
  private final InMemoryBlockStore.Storage storage = new InMemoryBlockStore.Storage();

  @Override
  protected BlockStore store(int nodeOffset) {
    return new InMemoryBlockStore(storage, nodeOffset);
  }
}
