package io.sqleventstore.benchmarks;

import io.sqleventstore.Selection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Writers, and one who follows: how long after its append's return each event is delivered. */
final class TailMeter implements Meter {
    private static final int APPENDS_PER_ROLLBACK = 10;
    private static final Duration LOOK = Duration.ofMillis(100);

    private final Workload workload;
    private final Settings settings;
    private final Place place;
    private final int threads;
    private final Map<Subject, Follower> followers = new ConcurrentHashMap<>();

    TailMeter(Workload workload, Settings settings, Place place, int threads) {
        this.workload = workload;
        this.settings = settings;
        this.place = place;
        this.threads = threads;
    }

    /** An event, and when {@link System#nanoTime} its append returned. */
    private record Appended(UUID id, long at) {}

    /** What one writer did. */
    private record Share(List<Appended> events, Tally tally) {}

    @Override
    public Round measure(Subject subject, int number) throws Exception {
        Follower follower = followers.computeIfAbsent(subject, its -> new Follower(feed(its), place.before(its)));
        follower.begin();
        long start = System.nanoTime();
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<Map<UUID, Long>> following = thread.submit(follower::follow);
            List<Share> shares = Threads.run(tasks(subject, number));
            follower.stopAt(place.lastPosition(subject));
            return round(subject, shares, Threads.result(following), start);
        } finally {
            thread.shutdownNow();
        }
    }

    private Feed feed(Subject subject) {
        return subject.equals(Subject.LIBRARY)
                ? new LibraryFeed(place.store().tail(Selection.all(), place.cursor()), LOOK)
                : HandFeed.ofAll(
                        new HandRead(place.pool(), place.dialect()), place.sql(subject), place.before(subject));
    }

    private List<Callable<Share>> tasks(Subject subject, int number) {
        return IntStream.range(0, threads)
                .mapToObj(thread -> task(subject, number, thread))
                .toList();
    }

    private Callable<Share> task(Subject subject, int number, int thread) {
        Tally tally = new Tally();
        Client client = place.client(subject, tally);
        SplittableRandom random = settings.random(number, thread);
        String key = place.contest() + "-" + number + "-" + thread;
        long interval = workload.isPaced() ? threads * 1_000_000_000L / settings.pace() : 0;
        return () -> {
            List<Appended> events = new ArrayList<>();
            long start = System.nanoTime();
            long due = start + interval * thread / threads; // writers take turns
            for (; System.nanoTime() - start < settings.nanos(); due += interval) {
                waitUntil(due);
                if (workload.rollsBack() && random.nextInt(APPENDS_PER_ROLLBACK) == 0) {
                    client.appendInVain(key);
                } else {
                    events.add(new Appended(client.append(key, 1), System.nanoTime()));
                }
            }
            return new Share(events, tally);
        };
    }

    private static void waitUntil(long due) {
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private static Round round(Subject subject, List<Share> shares, Map<UUID, Long> delivered, long start) {
        Histogram lags = Round.times();
        Tally all = new Tally();
        long missed = 0;
        for (Share share : shares) {
            all.add(share.tally());
            for (Appended event : share.events()) {
                @Nullable Long at = delivered.get(event.id());
                if (at == null) {
                    missed++;
                } else {
                    lags.recordValue(
                            Math.max(0, at - event.at())); // a tail may well be faster than the append's way back
                }
            }
        }
        if (subject.equals(Subject.LIBRARY) && (missed > 0 || delivered.size() != all.appendedEvents())) {
            throw new IllegalStateException(delivered.size() + " events were delivered, " + all.appendedEvents()
                    + " appended; " + missed + " of these are missing.");
        }
        long end = delivered.values().stream().mapToLong(at -> at).max().orElse(start + 1);
        return Round.of(delivered.size() * 1e9 / Math.max(1, end - start), lags, all, missed);
    }
}
