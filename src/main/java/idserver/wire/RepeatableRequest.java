package idserver.wire;

/**
 * A request for ids that named itself, so that it may come again without new ids. Immutable.
 *
 * <p>Not a member of {@link WireRequest}: who does not use it pays nothing for it.
 *
 * @param request what is asked for; its action is {@link Action#GET}
 * @param requestId 1 to 64 bytes of UTF-8, no control characters
 */
public record RepeatableRequest(WireRequest request, String requestId) implements Decoded {}
