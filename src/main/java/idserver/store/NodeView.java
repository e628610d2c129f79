package idserver.store;

import java.time.Instant;

/**
 * A server, as the database knows it. Immutable.
 *
 * @param nodeOffset its {@code id_offset}
 * @param idStep its {@code id_step}
 * @param timeZone the zone whose dates its ids carry
 * @param host the name of its machine
 * @param pid its process
 * @param dataDir where its files are
 * @param startedAt when it took the offset, by the database's clock
 * @param leaseUntil until when it holds the offset unless it renews that, by the same clock
 * @param leased whether somebody holds it now
 */
public record NodeView(
    int nodeOffset,
    int idStep,
    String timeZone,
    String host,
    long pid,
    String dataDir,
    Instant startedAt,
    Instant leaseUntil,
    boolean leased) {}
