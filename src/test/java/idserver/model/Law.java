package idserver.model;

/** What must hold in every state. */
enum Law {
  /** No number is issued twice in a period. */
  ONCE,
  /** A number that is issued has been committed, and is in the file of who issues it. */
  DURABLE,
  /** A server does not go back to an earlier period. */
  PERIODS_IN_ORDER,
  /** A number belongs to the server that issues it. */
  OWN_NUMBERS,
  /** Nobody says that the database has come back older when it has not. */
  NO_FALSE_ALARM
}
