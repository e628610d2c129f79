/**
 * Administration: what an operator sees and does, over JMX and as JSON. Asks the other rooms;
 * decides nothing.
 */
@NullMarked
package idserver.admin;

import org.jspecify.annotations.NullMarked;
