/**
 * The one SQL engine that all databases share, and what a database's dialect has to say about itself.
 *
 * <p>{@link io.sqleventstore.sql.SqlEventStore} opens a store, {@link io.sqleventstore.sql.SqlSchema} installs its tables,
 * {@link io.sqleventstore.sql.Dialect} is what the author of a new adapter implements.
 */
@NullMarked
package io.sqleventstore.sql;

import org.jspecify.annotations.NullMarked;
