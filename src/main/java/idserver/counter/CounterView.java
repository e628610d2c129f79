package idserver.counter;

import java.util.Optional;

/**
 * How a counter is at one moment. Immutable.
 *
 * @param key whose
 * @param period the latest period a block was reserved in, as {@link Period#startOf} tells it
 * @param reserved the highest number reserved in it, {@link NumberRange#NOTHING_RESERVED} when none
 *     is
 * @param lastIssued the last number issued in it, if any
 * @param left how many numbers are reserved and not issued
 */
public record CounterView(
    CounterKey key, long period, long reserved, Optional<Long> lastIssued, long left) {}
