package idserver.wire;

/**
 * A request that settles what became of a number. Immutable.
 *
 * @param request whose number; its action is {@link Action#CONFIRM} or {@link Action#CANCEL}
 * @param requestId as of the {@link RepeatableRequest} that was given the number; empty when absent
 */
public record SettleWireRequest(WireRequest request, String requestId) implements Decoded {}
