package idserver.wire;

/** What a request asks for. */
public enum Action {
  /** New ids; clients write {@code get} or its alias {@code create}. */
  GET,
  /** The state of a counter, which creates nothing; clients write {@code monitor}. */
  MONITOR,
  /** The number of a gap-free rule is used for good; clients write {@code confirm}. */
  CONFIRM,
  /** The number of a gap-free rule is given back; clients write {@code cancel}. */
  CANCEL
}
