package io.sqleventstore.sql;

import io.sqleventstore.SchemaMismatch;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.ServiceLoader;
import javax.sql.DataSource;

/** The dialects on the class path. */
public final class Dialects {
    private Dialects() {}

    /** {@return every dialect that the {@link ServiceLoader} finds, sorted by name} */
    public static List<Dialect> all() {
        return ServiceLoader.load(Dialect.class).stream()
                .map(ServiceLoader.Provider::get)
                .sorted(java.util.Comparator.comparing(Dialect::name))
                .toList();
    }

    /**
     * {@return the dialect on the class path that serves the database behind a data source}
     *
     * @param dataSource hands out the connections to the database
     * @throws SchemaMismatch if there is none, or more than one
     * @throws io.sqleventstore.StoreUnavailable if there is no connection to be had
     */
    public static Dialect of(DataSource dataSource) {
        try (Connection connection = dataSource.getConnection()) {
            List<Dialect> all = all();
            List<Dialect> serving = new java.util.ArrayList<>();
            for (Dialect dialect : all) {
                if (dialect.serves(connection.getMetaData())) {
                    serving.add(dialect);
                }
            }
            if (serving.size() != 1) {
                throw new SchemaMismatch(
                        "For %s there are %s of the adapters on the class path (%s); add the one that is made for it, or name it: open(dataSource, new XDialect())."
                                .formatted(
                                        connection.getMetaData().getDatabaseProductName(), names(serving), names(all)));
            }
            return serving.get(0);
        } catch (SQLException e) {
            throw new io.sqleventstore.StoreUnavailable("No connection to the database.", false, e);
        }
    }

    private static List<String> names(List<Dialect> dialects) {
        return dialects.stream().map(Dialect::name).toList();
    }
}
