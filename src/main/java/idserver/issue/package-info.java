/**
 * The one use case: ask a rule for ids. Holds the vocabulary that every transport speaks, refusals
 * included. Knows nothing of transports, containers or databases.
 */
@NullMarked
package idserver.issue;

import org.jspecify.annotations.NullMarked;
