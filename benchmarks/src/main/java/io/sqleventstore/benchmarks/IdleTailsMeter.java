package io.sqleventstore.benchmarks;

import io.sqleventstore.Cursor;
import io.sqleventstore.Selection;
import io.sqleventstore.TailOptions;
import io.sqleventstore.sql.SqlEventStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.sql.DataSource;

/** What another meter measures, beside tails that get none of its events. Each has a thread, since the library's pause on it. */
final class IdleTailsMeter implements Meter {
    static final int TAILS = 100;

    /** Of all tails together, in a pool of their own: the writer waits for the database alone. */
    private static final int CONNECTIONS = 10;

    /** Between two looks of a tail that has waited for half a second or longer; it begins with shorter ones. */
    private static final Duration PAUSE = TailOptions.defaults().longestPause();

    private static final TailOptions OPTIONS = TailOptions.defaults().withPauses(PAUSE, PAUSE);

    /** Longer than any measurement, whose end ends the wait. */
    private static final Duration LOOK = Duration.ofDays(1);

    private final Meter load;
    private final Place place;
    private final String entity;
    private final DataSource connections;
    private final Map<Subject, List<Feed>> feeds = new ConcurrentHashMap<>();

    /**
     * Makes the tails' connections; the tails begin with each measurement.
     *
     * @param load what is measured
     * @param entity the name of the entities that the tails follow
     */
    IdleTailsMeter(Meter load, Place place, String entity) {
        this.load = load;
        this.place = place;
        this.entity = entity;
        this.connections = place.newPool(CONNECTIONS);
    }

    @Override
    public Round measure(Subject subject, int number) throws Exception {
        List<Feed> tails = feeds.computeIfAbsent(subject, this::tails);
        List<Future<Integer>> following = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(TAILS);
        Round round;
        try {
            for (int i = 0; i < TAILS; i++) {
                Feed tail = tails.get(i);
                long delay = PAUSE.toMillis() * i / TAILS; // they don't all look at once
                following.add(threads.submit(() -> follow(tail, delay, threads)));
            }
            round = load.measure(subject, number);
        } finally {
            threads.shutdownNow();
            threads.awaitTermination(1, TimeUnit.MINUTES); // before the place is removed, also after a failure
        }
        long busy =
                Threads.results(following).stream().filter(events -> events > 0).count();
        if (busy > 0) {
            throw new IllegalStateException(busy + " of " + TAILS + " idle tails were delivered events.");
        }
        return round;
    }

    private List<Feed> tails(Subject subject) {
        if (subject.equals(Subject.LIBRARY)) {
            SqlEventStore store = SqlEventStore.open(connections, place.dialect(), place.options());
            Cursor from = place.cursor();
            return tails(() -> new LibraryFeed(store.tail(Selection.all().ofEntity(entity), from, OPTIONS), LOOK));
        }
        HandRead read = new HandRead(connections, place.dialect());
        return tails(() -> HandFeed.of(entity, read, place.sql(subject), PAUSE, place.before(subject)));
    }

    private static List<Feed> tails(Supplier<Feed> each) {
        return Stream.generate(each).limit(TAILS).toList();
    }

    /** How many events there were until the threads are shut down, by which a pause and a wait for a connection fail. */
    private static int follow(Feed tail, long delay, ExecutorService threads) throws Exception {
        int events = 0;
        try {
            Thread.sleep(delay);
            while (!threads.isShutdown()) {
                events += tail.next().size();
            }
        } catch (Exception e) {
            if (!threads.isShutdown()) {
                throw e;
            }
        }
        return events;
    }
}
