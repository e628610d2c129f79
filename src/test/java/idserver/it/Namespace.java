package idserver.it;

/** Whose counter it is: a rule and an application. */
record Namespace(String rule, String app) {}
