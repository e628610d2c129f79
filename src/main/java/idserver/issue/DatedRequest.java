package idserver.issue;

import java.time.LocalDate;

/**
 * A request for ids of another business day than today, perhaps. Immutable.
 *
 * @param bizDate the day, on the clock of the rule
 * @param requestId as of a request that may come again; empty where it has none
 * @param request what is asked for
 */
public record DatedRequest(LocalDate bizDate, String requestId, IdRequest request) {}
