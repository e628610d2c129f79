package idserver.admin;

import java.util.List;

/**
 * How the server is, at one look. Immutable.
 *
 * @param ready whether ids can be issued
 * @param open whether requests are taken
 * @param listening whether datagrams are received
 * @param databaseDown whether the database failed when it was last asked
 * @param nodeLost whether another server has taken this one's offset over
 * @param olderCounters counters of which the database was found to know less than was reserved: it
 *     has come back older, and they go on above what this machine remembers
 * @param clockAheadSeconds how far the machine's clock is ahead of the time that is believed; 0
 *     when it is followed
 * @param nodeOffset {@code id_offset} of this server
 * @param idStep {@code id_step} of this server
 * @param ruleBookVersion which rules are served: 1 after the start, one more with every reload
 * @param rules their names
 * @param counters namespaces in use since the start
 * @param waiting requests parked for a block
 * @param queued blocks wanted that no writer has taken up yet
 * @param parked requests parked for a block so far; one that is parked again counts again
 * @param reservations transactions that have reserved blocks so far
 * @param blocks blocks reserved so far; many share a transaction
 * @param received datagrams received
 * @param lost datagrams that the kernel threw away because the receive buffer was full; -1 where it
 *     does not tell
 * @param dropped datagrams left without an answer: no request, too large, or too small for an
 *     answer
 * @param errorsSuppressed errors of bad requests over UDP that were not sent, as their network had
 *     too many of them
 * @param repetitionsAnswered repetitions answered with the ids of the first request of their {@code
 *     request_id}
 * @param requestIdsHeld requests remembered for their repetitions now
 * @param gapFreeHeld numbers of gap-free rules given by this server
 * @param gapFreeConfirmed those confirmed
 * @param gapFreeCancelled those given back
 * @param gapFreeLapsed those that went to another request as they were not confirmed in time
 */
public record ServerStatus(
    boolean ready,
    boolean open,
    boolean listening,
    boolean databaseDown,
    boolean nodeLost,
    int olderCounters,
    long clockAheadSeconds,
    int nodeOffset,
    int idStep,
    long ruleBookVersion,
    List<String> rules,
    int counters,
    int waiting,
    int queued,
    long parked,
    long reservations,
    long blocks,
    long received,
    long lost,
    long dropped,
    long errorsSuppressed,
    long repetitionsAnswered,
    int requestIdsHeld,
    long gapFreeHeld,
    long gapFreeConfirmed,
    long gapFreeCancelled,
    long gapFreeLapsed) {

  public ServerStatus {
    rules = List.copyOf(rules);
  }
}
