package io.sqleventstore.benchmarks;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Runs workloads on a database, by the library, two floors and rivals, in tables of their own that it removes. */
public final class Bench {
    private static final String STOPPED = "The run was stopped.";

    private final Address address;
    private final Settings settings;
    private final List<Rival> rivals;
    private final Listener listener;
    private @Nullable Place place;
    private boolean stopped;

    /**
     * Nothing happens before {@link #run}.
     *
     * @param address where
     * @param settings how
     * @param rivals who else, in all workloads but {@code any-entity}, tails, idle tails and cold starts
     * @param listener is told of it meanwhile
     * @throws Refusal if there are rivals, and events in the ledger before or no floors
     */
    public Bench(Address address, Settings settings, List<Rival> rivals, Listener listener) {
        if (settings.ledgerEvents() > 0 && !rivals.isEmpty()) {
            throw new Refusal("--ledger-events fills no rival's tables; leave out --rival.");
        }
        if (!settings.floors() && !rivals.isEmpty()) {
            throw new Refusal("--library-only leaves out everybody else; leave out --rival.");
        }
        this.address = address;
        this.settings = settings;
        this.rivals = List.copyOf(rivals);
        this.listener = listener;
    }

    /** Hears how far it is. */
    public interface Listener {
        /**
         * What figures depend on, before the first.
         *
         * @param facts by name
         */
        void began(Map<String, String> facts);

        /**
         * Something begins.
         *
         * @param what it is
         */
        void progress(String what);

        /**
         * A workload has ended.
         *
         * @param results of the library, and of floors and rivals where these are measured
         * @param soFar those and the results of all workloads before it, without sizes
         * @throws IOException if it can't be told any further
         */
        void measured(List<Result> results, Report soFar) throws IOException;
    }

    /** {@return the names of all workloads} */
    public static List<String> workloads() {
        return Workload.labels();
    }

    /**
     * Measures.
     *
     * @return what was measured
     * @throws Refusal if the database can't be used, such as an SQLite file that is there already
     * @throws IllegalStateException if an event was counted that is not stored, a history is not linear, or a tail has lost an event; if it
     *     was stopped
     * @throws Exception what the database and the library throw
     */
    public Report run() throws Exception {
        try {
            return measureAll();
        } catch (Exception e) {
            throw isStopped() ? new IllegalStateException(STOPPED, e) : e; // what fails then fails for that
        }
    }

    private Report measureAll() throws Exception {
        Map<String, String> facts = facts();
        listener.began(facts);
        List<Result> results = new ArrayList<>();
        if (settings.ledgerEvents() > 0) {
            return measureInOnePlace(facts, results);
        }
        for (Turn turn : turns()) {
            try (Place its = newPlace(turn.threads() + 1, settings.appendsPerCommit())) {
                measure(turn, its, facts, results);
            }
        }
        return new Report(facts, results, List.of());
    }

    /** It takes long to fill. */
    private Report measureInOnePlace(Map<String, String> facts, List<Result> results) throws Exception {
        int most = turns().stream().mapToInt(Turn::threads).max().orElseThrow();
        try (Place one = newPlace(most + 1, settings.appendsPerCommit())) {
            one.fillLedger(settings.ledgerEvents(), listener::progress);
            Scales scales = new Scales(one);
            for (Turn turn : turns()) {
                measure(turn, one, facts, results);
            }
            return new Report(facts, results, scales.sizes());
        }
    }

    /** A workload, by so many clients at once. */
    private record Turn(Workload workload, int threads) {}

    private List<Turn> turns() {
        List<Turn> turns = new ArrayList<>();
        for (String name : settings.workloads()) {
            Workload workload = Workload.named(name);
            List<Integer> numbers = workload.isParallel() ? settings.threads() : List.of(1);
            numbers.forEach(threads -> turns.add(new Turn(workload, threads)));
        }
        return turns;
    }

    /**
     * Ends the run from another thread, as when the process is told to end: what it has made is removed. {@link #run} fails then.
     *
     * @throws IllegalStateException if something could not be removed; the message says what
     */
    public synchronized void stop() {
        stopped = true;
        if (place != null) {
            try {
                place.close();
            } catch (SQLException | IOException e) {
                throw new IllegalStateException(e.getMessage(), e);
            }
        }
    }

    private synchronized boolean isStopped() {
        return stopped;
    }

    private synchronized Place newPlace(int connections, int appendsPerCommit) throws SQLException, IOException {
        if (stopped) {
            throw new IllegalStateException(STOPPED);
        }
        Place made = Place.create(address, connections, appendsPerCommit);
        if (!settings.floors()) {
            made.leaveOutFloors();
        }
        place = made;
        return made;
    }

    private Map<String, String> facts() throws Exception {
        try (Place its = newPlace(1, 0)) {
            return Surroundings.of(settings, its);
        }
    }

    private void measure(Turn turn, Place its, Map<String, String> facts, List<Result> results) throws Exception {
        Workload workload = turn.workload();
        if (workload.isForRivals()) {
            its.admit(rivals, workload == Workload.REPLAY_ALL);
        }
        its.beginContest();
        Stock stock = new Stock(settings.events(), settings.seed(), settings.ledgerEvents(), its.contest());
        if (workload.isReplay()) {
            listener.progress(workload.label() + ", storing what is replayed");
            for (Subject subject : its.subjects()) {
                stock.fill(its.client(subject, new Tally()));
            }
        }
        Meter meter = meter(workload, stock, its, turn.threads());
        Contest contest = new Contest(settings, workload, turn.threads(), its, meter, listener::progress);
        List<Result> some = contest.run(workload.batch(stock));
        results.addAll(some);
        listener.measured(some, new Report(facts, results, List.of()));
    }

    private Meter meter(Workload workload, Stock stock, Place its, int threads) {
        if (workload.isTail()) {
            return new TailMeter(workload, settings, its, threads);
        }
        if (workload.isColdStart()) {
            return new ColdStartMeter(workload, address, its);
        }
        Meter load = new LoadMeter(workload, settings, stock, its, threads);
        return workload.hasIdleTails() ? new IdleTailsMeter(load, its, Place.OTHER_ENTITY) : load;
    }
}
