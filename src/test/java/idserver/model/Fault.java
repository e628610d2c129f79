package idserver.model;

/** The protocol broken on purpose: what the explorer has to find. */
enum Fault {
  /** A row is written whatever has become of it since it was read. */
  BLIND_WRITE,
  /** A block is handed out before its reservation is committed. */
  GRANT_BEFORE_COMMIT,
  /** A reservation whose outcome is in doubt is taken for done. */
  ADOPTS_WHAT_IS_IN_DOUBT,
  /** The file is not asked where numbers go on. */
  RESTARTS_FROM_THE_DATABASE,
  /** A block is handed out before it is in the file. */
  GRANT_BEFORE_FILE,
  /** The file is written before the reservation is committed. */
  FILE_BEFORE_COMMIT,
  /** Numbers are given back whatever has become of the row. */
  BLIND_GIVE_BACK,
  /** Numbers are given back, and the file still promises them. */
  GIVE_BACK_KEEPS_THE_FILE,
  /** The row gets its numbers back before the file does. */
  GIVE_BACK_ROW_FIRST,
  /** Numbers are given back while they are still handed out. */
  GIVE_BACK_BEFORE_CLOSE,
  /** Numbers are given back together with somebody else's that lie between. */
  GIVE_BACK_ACROSS_A_GAP,
  /** A period begins anew when the clock says so, whatever the row says. */
  BELIEVES_THE_CLOCK,
  /** Every server takes the numbers of the first. */
  NOT_ALIGNED,
  /** A node starts without its file. */
  STARTS_WITHOUT_ITS_FILE,
  /** A new file, in the place of one that was lost, does not begin with what the rows have. */
  NEW_FILE_BEGINS_EMPTY
}
