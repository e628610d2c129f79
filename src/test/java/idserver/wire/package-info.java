/** Tests of the wire: tables of sentences, and random runs against a reference parser. */
@NullMarked
package idserver.wire;

import org.jspecify.annotations.NullMarked;
