/**
 * The REST transport: the same requests and answers as over UDP, with a status each. Thin: decoding
 * is {@code wire}'s, deciding is {@code issue}'s. No thread waits here for a block.
 */
@NullMarked
package idserver.rest;

import org.jspecify.annotations.NullMarked;
