package io.sqleventstore.conformance;

import io.sqleventstore.sql.StoreOptions;
import javax.sql.DataSource;

/**
 * An empty place for the tables of one store: a file, a schema or a prefix that nobody else uses.
 *
 * @param dataSource connections of the tables' owner
 * @param options where the tables go
 * @param drop removes the place with everything in it; called once, with no connection of the suite open
 */
public record Place(DataSource dataSource, StoreOptions options, Runnable drop) {}
