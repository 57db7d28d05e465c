package io.sqleventstore.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs workloads on a database, each by the library, two floors and rivals, in tables of its own that it removes. */
public final class Bench {
    private final Address address;
    private final Settings settings;
    private final List<Rival> rivals;
    private final Listener listener;

    /**
     * Nothing happens before {@link #run}.
     *
     * @param address where
     * @param settings how
     * @param rivals who else, in all workloads but {@code any-entity}, tails and cold starts
     * @param listener is told of it meanwhile
     */
    public Bench(Address address, Settings settings, List<Rival> rivals, Listener listener) {
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
         * @param results of the library, of both floors and of rivals
         */
        void measured(List<Result> results);
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
     * @throws IllegalStateException if an event was counted that is not stored, a history is not linear, or a tail has lost an event
     * @throws Exception what the database and the library throw
     */
    public Report run() throws Exception {
        Map<String, String> facts = facts();
        listener.began(facts);
        List<Result> results = new ArrayList<>();
        List<Size> sizes = new ArrayList<>();
        for (String name : settings.workloads()) {
            Workload workload = Workload.named(name);
            for (int threads : workload.isParallel() ? settings.threads() : List.of(1)) {
                List<Result> some = measure(workload, threads, sizes);
                listener.measured(some);
                results.addAll(some);
            }
        }
        return new Report(facts, results, sizes);
    }

    private Map<String, String> facts() throws Exception {
        try (Place place = Place.create(address, 1, 0)) {
            return Surroundings.of(settings, place);
        }
    }

    /** In a place of its own, so that no workload has to do with what another has stored. */
    private List<Result> measure(Workload workload, int threads, List<Size> sizes) throws Exception {
        Stock stock = new Stock(settings.events(), settings.seed(), settings.ledgerEvents());
        try (Place place = Place.create(address, threads + 1, settings.appendsPerCommit())) {
            if (workload.isForRivals()) {
                place.admit(rivals, workload == Workload.REPLAY_ALL);
            }
            place.fillLedger(settings.ledgerEvents(), listener::progress);
            if (workload.isReplay()) {
                listener.progress(workload.label() + ", storing what is replayed");
                for (Subject subject : place.subjects()) {
                    stock.fill(place.client(subject, new Tally()));
                }
            }
            Meter meter = meter(workload, stock, place, threads);
            Contest contest = new Contest(settings, workload, threads, place, meter, listener::progress);
            return settings.ledgerEvents() == 0
                    ? contest.run(workload.batch(stock))
                    : weighed(contest, workload, stock, place, threads, sizes);
        }
    }

    private static List<Result> weighed(
            Contest contest, Workload workload, Stock stock, Place place, int threads, List<Size> sizes)
            throws Exception {
        Scales scales = new Scales(place);
        List<Result> results = contest.run(workload.batch(stock));
        sizes.addAll(scales.sizes(workload.label(), threads));
        return results;
    }

    private Meter meter(Workload workload, Stock stock, Place place, int threads) {
        if (workload.isTail()) {
            return new TailMeter(workload, settings, place, threads);
        }
        return workload.isColdStart()
                ? new ColdStartMeter(workload, address, place)
                : new LoadMeter(workload, settings, stock, place, threads);
    }
}
