package idserver.rule;

import java.time.LocalDateTime;

/**
 * What a rule is asked to make an id of. Immutable.
 *
 * @param at the moment, on the local clock
 * @param number the first number that it draws, of whichever server
 * @param distance from there to the next ones, a multiple of the step
 * @param timeId the first time id that it asks for, or {@link #ANY}
 */
record Trial(LocalDateTime at, long number, long distance, long timeId) {
  /** Some time id of that moment that no other trial is given. */
  static final long ANY = -1;
}
