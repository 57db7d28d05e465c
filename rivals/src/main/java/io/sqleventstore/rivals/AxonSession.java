package io.sqleventstore.rivals;

import io.sqleventstore.benchmarks.Rival;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;

/** An engine of Axon's, without what is above it: aggregates, buses, caches. */
final class AxonSession implements Rival.Session {
    private static final String BUILD = "META-INF/maven/org.axonframework/axon-eventsourcing/pom.properties";

    private final EventStorageEngine engine;
    private final Runnable end;

    AxonSession(EventStorageEngine engine, Runnable end) {
        this.engine = engine;
        this.end = end;
    }

    /** With the version that is on the class path. */
    static String title(String engine) {
        try (InputStream file = AxonSession.class.getClassLoader().getResourceAsStream(BUILD)) {
            Properties build = new Properties();
            build.load(Objects.requireNonNull(file));
            return "Axon Framework " + build.getProperty("version") + ", " + engine;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Rival.Worker worker() {
        return new AxonClient(engine);
    }

    @Override
    public void close() {
        end.run();
    }
}
