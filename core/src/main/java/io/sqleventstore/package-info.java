/**
 * The port and the words of the event store: entities, events, histories, appends and the errors they can meet.
 *
 * <p>Everything here is immutable and safe for use by many threads. No parameter, component or return value may be null
 * unless it is marked {@link org.jspecify.annotations.Nullable}; passing null elsewhere throws {@link
 * java.lang.NullPointerException}. Nothing in this package knows of JDBC.
 */
@NullMarked
package io.sqleventstore;

import org.jspecify.annotations.NullMarked;
