package io.sqleventstore.rivals;

import io.sqleventstore.benchmarks.Rival;
import io.sqleventstore.benchmarks.Subject;
import java.sql.SQLException;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.axonframework.eventsourcing.eventstore.jpa.DomainEventEntry;
import org.axonframework.eventsourcing.eventstore.jpa.JpaEventStorageEngine;
import org.axonframework.eventsourcing.eventstore.jpa.SQLErrorCodesResolver;
import org.axonframework.eventsourcing.eventstore.jpa.SnapshotEventEntry;
import org.hibernate.SessionFactory;
import org.hibernate.cfg.Configuration;

/** Axon Framework's engine by JPA, with the tables that Hibernate creates of its entities, and what its page on tuning recommends. */
public final class AxonJpaRival implements Rival {
    /** Held here, since its level is forgotten with it. */
    private static final Logger HIBERNATE = Logger.getLogger("org.hibernate");

    static {
        // it writes two lines for each append that comes too late
        HIBERNATE.setLevel(Level.OFF);
    }

    @Override
    public Subject subject() {
        return new Subject("axon-jpa", AxonSession.title("JPA"), "DomainEventEntry");
    }

    @Override
    public Session open(Site site) throws SQLException {
        Postgres.require(site);
        SessionFactory sessions = sessions(site);
        DocumentSerializer serializer = new DocumentSerializer();
        JpaTransactions transactions = new JpaTransactions(sessions);
        JpaEventStorageEngine.Builder engine = JpaEventStorageEngine.builder()
                .entityManagerProvider(transactions)
                .transactionManager(transactions)
                .persistenceExceptionResolver(new SQLErrorCodesResolver(site.pool()))
                .eventSerializer(serializer)
                .snapshotSerializer(serializer);
        return new AxonSession(new Engine(engine, transactions), sessions::close);
    }

    /** The engine asks for the last number without a transaction, but its entity manager has to be one's that is open. */
    private static final class Engine extends JpaEventStorageEngine {
        private final JpaTransactions transactions;

        Engine(Builder builder, JpaTransactions transactions) {
            super(builder);
            this.transactions = transactions;
        }

        @Override
        public Optional<Long> lastSequenceNumberFor(String aggregate) {
            return transactions.fetchInTransaction(() -> super.lastSequenceNumberFor(aggregate));
        }
    }

    private static SessionFactory sessions(Site site) {
        Configuration configuration = new Configuration()
                .addAnnotatedClass(DomainEventEntry.class)
                .addAnnotatedClass(SnapshotEventEntry.class)
                .addResource("META-INF/orm.xml")
                .setProperty("hibernate.dialect", ByteaDialect.class.getName())
                .setProperty("hibernate.default_schema", site.schema())
                .setProperty("hibernate.hbm2ddl.auto", "create")
                // else each event of an append is a round trip
                .setProperty("hibernate.jdbc.batch_size", "100");
        configuration.getProperties().put("hibernate.connection.datasource", site.pool());
        return configuration.buildSessionFactory();
    }
}
