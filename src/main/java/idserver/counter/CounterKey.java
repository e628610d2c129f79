package idserver.counter;

/**
 * The namespace of a counter: within a rule, an application's name. Immutable. Two keys are the
 * same only when both names are the same to the byte.
 *
 * @param rule the rule's name
 * @param app the application's name, 1 to 255 bytes of UTF-8
 */
public record CounterKey(String rule, String app) {}
