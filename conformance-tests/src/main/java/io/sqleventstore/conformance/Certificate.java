package io.sqleventstore.conformance;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a run of the suite has found out about a database. Immutable.
 *
 * @param name of the dialect that was tested, lower case; also the name of the files it is written to
 * @param reason why it is certified or not, in a few words
 * @param suite the suite that ran
 * @param database the server and the driver; null if no server was reached
 * @param settings what the server says of itself that matters for the promises, such as {@code isolation} or {@code fsync}
 * @param host where the suite ran: Java, operating system, time zone and the like
 * @param began when the run began
 * @param time how long it took
 * @param clauses every clause of the contract, in its order
 * @param tests every test of the suite: those that ran, in the order they ran in, then those that did not; none without a server
 */
public record Certificate(
        String name,
        String reason,
        Suite suite,
        @Nullable Database database,
        Map<String, String> settings,
        Map<String, String> host,
        Instant began,
        Duration time,
        List<Clause> clauses,
        List<Test> tests) {
    /** The name in {@code host} of whose rights the store under test had. */
    static final String ROLE = "role";

    /** Has rights that the contract gives to nobody. */
    static final String OWNER = "owner";

    /** What became of a test, or of a clause's tests together. */
    public enum Outcome {
        /** It ran to its end and found nothing wrong. */
        PASSED,
        /** It found a promise broken, or could not run to its end. */
        FAILED,
        /** It did not run. */
        NOT_RUN;

        /** Of these tests together. */
        static Outcome of(List<Test> tests) {
            if (tests.stream().anyMatch(test -> test.outcome() == FAILED)) {
                return FAILED;
            }
            boolean all = !tests.isEmpty() && tests.stream().allMatch(test -> test.outcome() == PASSED);
            return all ? PASSED : NOT_RUN;
        }
    }

    /**
     * The suite.
     *
     * @param version of its release
     */
    public record Suite(String version) {}

    /**
     * The server and the driver.
     *
     * @param dialect the class of the dialect
     * @param product the server's name for itself, as its driver reports it
     * @param version what the server itself answers when asked for its version, in full
     * @param driver the driver
     */
    public record Database(String dialect, String product, String version, Driver driver) {}

    /** The JDBC driver, as it names itself. */
    public record Driver(String name, String version) {}

    /**
     * A clause of the contract.
     *
     * @param id such as {@code ORD-4}
     * @param promise its first sentence
     * @param outcome passed only if all its tests ran and passed
     * @param tests how many tests carry its number
     * @param rounds how often they have raced, or tried random data, altogether
     * @param time that those tests took; a test that carries two numbers counts for both
     */
    public record Clause(String id, String promise, Outcome outcome, int tests, long rounds, Duration time) {}

    /**
     * A test.
     *
     * @param name of the method
     * @param clauses whose numbers it carries
     * @param rounds how often it has raced, or tried random data
     * @param failure what it found wrong; null if it passed or did not run
     */
    public record Test(
            String name,
            List<String> clauses,
            Outcome outcome,
            long rounds,
            Duration time,
            @Nullable String failure) {}

    /**
     * Copies the collections, whose order is kept.
     *
     * @param name as {@link #name}
     * @param reason as {@link #reason}
     * @param suite as {@link #suite}
     * @param database as {@link #database}
     * @param settings as {@link #settings}
     * @param host as {@link #host}
     * @param began as {@link #began}
     * @param time as {@link #time}
     * @param clauses as {@link #clauses}
     * @param tests as {@link #tests}
     */
    public Certificate {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
        host = Collections.unmodifiableMap(new LinkedHashMap<>(host));
        clauses = List.copyOf(clauses);
        tests = List.copyOf(tests);
    }

    /** {@return whether every clause was tested and every test passed, on a store with no more than an appender's rights} */
    public boolean certified() {
        return database != null
                && !OWNER.equals(host.get(ROLE))
                && !clauses.isEmpty()
                && clauses.stream().allMatch(clause -> clause.outcome() == Outcome.PASSED)
                && tests.stream().allMatch(test -> test.outcome() == Outcome.PASSED);
    }
}
