package io.sqleventstore.rivals;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sqleventstore.benchmarks.Address;
import io.sqleventstore.benchmarks.Rival;
import io.sqleventstore.benchmarks.Subject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import javax.sql.DataSource;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.persistence.jdbc.query.javadsl.JdbcReadJournal;
import org.jspecify.annotations.Nullable;

/** Pekko's persistent actors on its JDBC journal, with the schema in its jar. */
public final class PekkoRival implements Rival {
    private static final String SCHEMA = "schema/postgres/postgres-create-schema.sql";
    private static final String DATABASE = "pekko-persistence-jdbc.shared-databases.slick.";

    @Override
    public Subject subject() {
        String version = JdbcReadJournal.class.getPackage().getImplementationVersion();
        return new Subject("pekko-jdbc", "Pekko Persistence JDBC " + version, "event_journal");
    }

    @Override
    public Session open(Site site) throws SQLException, IOException {
        Postgres.require(site);
        createTables(site.pool(), site.schema());
        ClassLoader loader = Objects.requireNonNull(PekkoRival.class.getClassLoader());
        Config config = config(site).withFallback(ConfigFactory.load(loader, "rivals-pekko"));
        return new PekkoSession(ActorSystem.create("rivals", config, loader), site.replaysAll());
    }

    /** A pool for all of its plugins, as many connections as the others have, and the driver's setting of its documentation. */
    private static Config config(Site site) {
        Address address = site.address();
        String url = address.url() + (address.url().contains("?") ? "&" : "?") + "currentSchema=" + site.schema()
                + "&reWriteBatchedInserts=true";
        Map<String, Object> values = new HashMap<>();
        values.put(DATABASE + "db.url", url);
        put(values, DATABASE + "db.user", address.user());
        put(values, DATABASE + "db.password", address.password());
        for (String number : new String[] {"numThreads", "maxConnections", "minConnections"}) {
            values.put(DATABASE + "db." + number, site.connections());
        }
        return ConfigFactory.parseMap(values);
    }

    private static void put(Map<String, Object> values, String name, @Nullable String value) {
        if (value != null) {
            values.put(name, value);
        }
    }

    /** Each statement by itself: it creates some indexes concurrently, which no transaction may do. */
    private static void createTables(DataSource pool, String schema) throws SQLException, IOException {
        try (InputStream file = PekkoRival.class.getClassLoader().getResourceAsStream(SCHEMA);
                Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            String sql = new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
            for (String each : sql.replace("public.", schema + ".")
                    .replace("REFERENCES ", "REFERENCES " + schema + ".")
                    .split(";", -1)) {
                if (!each.isBlank()) {
                    statement.execute(each);
                }
            }
        }
    }
}
