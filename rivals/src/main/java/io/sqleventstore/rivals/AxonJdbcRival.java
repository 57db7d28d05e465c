package io.sqleventstore.rivals;

import io.sqleventstore.benchmarks.Rival;
import io.sqleventstore.benchmarks.Subject;
import java.sql.SQLException;
import org.axonframework.eventsourcing.eventstore.jdbc.EventSchema;
import org.axonframework.eventsourcing.eventstore.jdbc.JdbcEventStorageEngine;
import org.axonframework.eventsourcing.eventstore.jdbc.PostgresEventTableFactory;
import org.axonframework.eventsourcing.eventstore.jpa.SQLErrorCodesResolver;

/** Axon Framework's engine by JDBC, with the tables that it creates itself. */
public final class AxonJdbcRival implements Rival {
    private static final String TABLE = "domain_event_entry";

    @Override
    public Subject subject() {
        return new Subject("axon-jdbc", AxonSession.title("JDBC"), TABLE);
    }

    @Override
    public Session open(Site site) throws SQLException {
        Postgres.require(site);
        DocumentSerializer serializer = new DocumentSerializer();
        JdbcTransactions transactions = new JdbcTransactions(site.pool());
        JdbcEventStorageEngine engine = JdbcEventStorageEngine.builder()
                .schema(EventSchema.builder()
                        .eventTable(site.schema() + "." + TABLE)
                        .snapshotTable(site.schema() + ".snapshot_event_entry")
                        .build())
                .connectionProvider(transactions)
                .transactionManager(transactions)
                // the default knows no duplicate of PostgreSQL's
                .persistenceExceptionResolver(new SQLErrorCodesResolver(site.pool()))
                .eventSerializer(serializer)
                .snapshotSerializer(serializer)
                .build();
        engine.createSchema(PostgresEventTableFactory.INSTANCE);
        return new AxonSession(engine, () -> {});
    }
}
