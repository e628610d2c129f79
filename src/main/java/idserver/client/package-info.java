/**
 * The client: asks a list of equal servers for ids, over UDP first and over HTTP where that is
 * refused or the batch is large, goes on to the next server within a deadline, and fetches ids
 * ahead. For applications, which take it out of {@code id_server-classes.jar}: plain JDK, threads
 * of its own, and no other room. Start reading at {@link idserver.client.IdClient} and {@link
 * idserver.client.IdCache}.
 */
@NullMarked
package idserver.client;

import org.jspecify.annotations.NullMarked;
