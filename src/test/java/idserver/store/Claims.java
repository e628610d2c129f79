package idserver.store;

/** Claims of servers that start. */
final class Claims {
  private Claims() {}

  /** Of that process on that machine, whose file it holds, for node 0 of one. */
  static NodeClaim of(String machine, String process) {
    return of(machine, process, machine + "'s file");
  }

  /** With another file, as on a copied or an empty disk. */
  static NodeClaim of(String machine, String process, String instance) {
    return new NodeClaim(0, 1, "UTC", instance, process, machine, 17, "/data/" + machine);
  }

  /** With other settings. */
  static NodeClaim with(int nodeOffset, int idStep, String timeZone) {
    return new NodeClaim(nodeOffset, idStep, timeZone, "file", "process", "machine", 17, "/data");
  }
}
