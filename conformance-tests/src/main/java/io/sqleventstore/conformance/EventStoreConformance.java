package io.sqleventstore.conformance;

import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The whole contract. An adapter's test extends it in about fifteen lines; every clause is then tested on a real database.
 *
 * <p>The class name of the leaf is what reports show. Tests run one after the other on one thread and start threads of their
 * own.
 */
@ExtendWith(Certifier.class)
public abstract class EventStoreConformance extends SharedCommitChapter {
    /** For the adapter's test. */
    protected EventStoreConformance() {}
}
