package io.sqleventstore.benchmarks;

import java.sql.SQLException;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import javax.sql.DataSource;

/** Another store that does the same work in the same run. {@link ServiceLoader} finds those on the class path. */
public interface Rival {
    /** {@return who it is} */
    Subject subject();

    /**
     * Creates its tables and opens it.
     *
     * @param site where
     * @return the store
     * @throws Refusal if it doesn't work there
     * @throws Exception what it throws
     */
    Session open(Site site) throws Exception;

    /**
     * Where it works.
     *
     * @param address the database
     * @param pool connections to it, those of the library and the floors
     * @param schema is empty; its tables are to be there, and are dropped with it
     * @param connections how many the pool has, for who needs a pool of its own
     * @param replaysAll whether the whole ledger will be read
     */
    record Site(Address address, DataSource pool, String schema, int connections, boolean replaysAll) {}

    /** The store, open; for many threads. */
    interface Session extends AutoCloseable {
        /** {@return one that uses it, for one thread} */
        Worker worker();

        @Override
        void close();
    }

    /** Uses it; for one thread. */
    interface Worker {
        /**
         * Appends events in one transaction after the entity's newest one as this one knows it; where others were quicker, after theirs.
         * When it returns, they are stored.
         *
         * @param key the entity's
         * @param documents of the events
         * @return how often it was too late and tried again
         * @throws SQLException what the database throws
         */
        int append(String key, List<String> documents) throws SQLException;

        /**
         * Reads the events of an entity, documents included.
         *
         * @param key the entity's
         * @return how many there were
         * @throws SQLException what the database throws
         */
        long replay(String key) throws SQLException;

        /**
         * Reads all events, documents included.
         *
         * @return how many there were
         * @throws SQLException what the database throws
         */
        long replayAll() throws SQLException;
    }

    /**
     * Those with these labels.
     *
     * @param labels of their subjects
     * @return them, in that order
     * @throws Refusal if one is not on the class path
     */
    static List<Rival> named(List<String> labels) {
        List<Rival> all = ServiceLoader.load(Rival.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
        return labels.stream().distinct().map(label -> named(label, all)).toList();
    }

    private static Rival named(String label, List<Rival> all) {
        Stream<String> labels = all.stream().map(rival -> rival.subject().label());
        return all.stream()
                .filter(rival -> rival.subject().label().equals(label))
                .findFirst()
                .orElseThrow(() -> new Refusal("There is no rival '" + label + "' on the class path, but "
                        + labels.toList() + "; docs/benchmarks.md says how they get there."));
    }
}
