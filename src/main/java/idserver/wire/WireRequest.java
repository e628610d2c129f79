package idserver.wire;

import idserver.counter.CounterKey;

/**
 * A request whose members all keep their limits. Immutable.
 *
 * @param action what is asked for
 * @param key the rule's name, 1 to 255 bytes of UTF-8, and the application's as written, 1 to 255
 *     bytes of UTF-8 and no control characters; whether there is such a rule is not known here
 * @param salt up to 64 bytes of UTF-8, no control characters; empty when absent
 * @param count how many ids, from 1; 0 when absent, which asks for one id not in a list. Only the
 *     transport knows the upper bound
 * @param seq what the answer is to echo
 */
public record WireRequest(Action action, CounterKey key, String salt, int count, Seq seq)
    implements Decoded {}
