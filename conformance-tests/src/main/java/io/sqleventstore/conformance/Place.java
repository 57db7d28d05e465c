package io.sqleventstore.conformance;

import io.sqleventstore.sql.StoreOptions;
import java.util.function.Function;
import javax.sql.DataSource;

/**
 * An empty place for the tables of one store: a file, a schema or a prefix that nobody else uses.
 *
 * @param dataSource connections of the tables' owner
 * @param urls the JDBC URL, credentials included, by which a user who has only what the dialect's own script of grants gives to
 *     that role reaches the place; asked once the tables are there
 * @param options where the tables go
 * @param drop removes the place with everything in it; called once
 */
public record Place(DataSource dataSource, Function<Role, String> urls, StoreOptions options, Runnable drop) {}
