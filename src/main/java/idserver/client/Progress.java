package idserver.client;

/**
 * How far a counter is at one server.
 *
 * @param counter the last number that this server issued
 * @param nodeOffset that server's offset
 */
public record Progress(long counter, int nodeOffset) {}
