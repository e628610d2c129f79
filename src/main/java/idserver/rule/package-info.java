/**
 * Rules: Lua scripts that turn a counter's number and a moment into an id. Loads them all or none,
 * refuses those that make an id twice, runs them in a sandbox with a budget. The only room that
 * knows LuaJ; where the numbers come from it does not know.
 */
@NullMarked
package idserver.rule;

import org.jspecify.annotations.NullMarked;
