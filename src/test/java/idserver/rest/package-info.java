/** Tests of the REST transport without a container: what is answered, and by which thread. */
@NullMarked
package idserver.rest;

import org.jspecify.annotations.NullMarked;
