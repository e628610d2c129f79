package idserver.rule;

import idserver.timeid.TimeIdSettings;

/**
 * A rule that needs no script: its ids are time ids, and each namespace is a kind of its own.
 * Immutable.
 *
 * @param name what clients call it
 * @param timeIds how its ids are made
 */
public record TimeRule(String name, TimeIdSettings timeIds) {}
