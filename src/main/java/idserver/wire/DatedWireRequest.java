package idserver.wire;

import java.time.LocalDate;

/**
 * A request for ids of a business day. Immutable.
 *
 * <p>Not a member of {@link WireRequest}: who does not use it pays nothing for it.
 *
 * @param request what is asked for; its action is {@link Action#GET}
 * @param requestId as of a {@link RepeatableRequest}; empty when absent
 * @param bizDate the day, years 0 to 9999
 */
public record DatedWireRequest(WireRequest request, String requestId, LocalDate bizDate)
    implements Decoded {}
