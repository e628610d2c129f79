package idserver.admin;

import java.util.List;

/**
 * How the server is, at one look. Immutable.
 *
 * @param ready whether ids can be issued
 * @param open whether requests are taken
 * @param listening whether datagrams are received
 * @param databaseDown whether the database failed when it was last asked
 * @param nodeOffset {@code id_offset} of this server
 * @param idStep {@code id_step} of this server
 * @param ruleBookVersion which rules are served: 1 after the start, one more with every reload
 * @param rules their names
 * @param counters namespaces in use since the start
 * @param waiting requests parked for a block
 * @param queued blocks wanted that no writer has taken up yet
 * @param received datagrams received
 * @param dropped datagrams left without an answer: no request, too large, or too small for an
 *     answer
 */
public record ServerStatus(
    boolean ready,
    boolean open,
    boolean listening,
    boolean databaseDown,
    int nodeOffset,
    int idStep,
    long ruleBookVersion,
    List<String> rules,
    int counters,
    int waiting,
    int queued,
    long received,
    long dropped) {

  public ServerStatus {
    rules = List.copyOf(rules);
  }
}
