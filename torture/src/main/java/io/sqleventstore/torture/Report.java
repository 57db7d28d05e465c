package io.sqleventstore.torture;

import io.sqleventstore.torture.Faults.Fault;
import io.sqleventstore.torture.History.Attempt;
import io.sqleventstore.torture.Note.Delivered;
import io.sqleventstore.torture.Note.Spot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * What a run did and what it found.
 *
 * @param database name of the dialect
 * @param version product and version, as the driver says
 * @param durability settings of the server that say what a crash may cost
 * @param seed of what was done by chance
 * @param began when
 * @param faultsLasted how long faults were made
 * @param processors of the machine
 * @param faults how many there were of each kind
 * @param outcomes how many attempts to append had each outcome, by its name in lower case; of the unknown ones, how many are there
 * @param exceptions how many calls ended with each exception, with the database's code
 * @param events in the ledger at the end
 * @param voids in the ledger at the end
 * @param replays that were read to their end
 * @param deliveries events that tails delivered, all tails together
 * @param before what was achieved before the first fault
 * @param during what was achieved while there were faults
 * @param after what was achieved after the last one
 * @param seconds the run by the second
 * @param violations what must not be; at most twenty of each rule
 * @param notes the folder with what the clients noted, which is kept if there is a violation; else empty
 * @param leftBehind what could not be removed from the server; empty if nothing was left
 */
public record Report(
        String database,
        String version,
        String durability,
        long seed,
        Instant began,
        Duration faultsLasted,
        int processors,
        Map<String, Long> faults,
        Map<String, Long> outcomes,
        Map<String, Long> exceptions,
        long events,
        long voids,
        long replays,
        long deliveries,
        Phase before,
        Phase during,
        Phase after,
        List<Second> seconds,
        List<Violation> violations,
        String notes,
        String leftBehind) {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double NANOS_PER_MILLI = 1e6;

    /**
     * Copies what can be changed.
     *
     * @param database as {@link #database}
     * @param version as {@link #version}
     * @param durability as {@link #durability}
     * @param seed as {@link #seed}
     * @param began as {@link #began}
     * @param faultsLasted as {@link #faultsLasted}
     * @param processors as {@link #processors}
     * @param faults as {@link #faults}
     * @param outcomes as {@link #outcomes}
     * @param exceptions as {@link #exceptions}
     * @param events as {@link #events}
     * @param voids as {@link #voids}
     * @param replays as {@link #replays}
     * @param deliveries as {@link #deliveries}
     * @param before as {@link #before}
     * @param during as {@link #during}
     * @param after as {@link #after}
     * @param seconds as {@link #seconds}
     * @param violations as {@link #violations}
     * @param notes as {@link #notes}
     * @param leftBehind as {@link #leftBehind}
     */
    public Report {
        faults = Collections.unmodifiableMap(new TreeMap<>(faults));
        outcomes = Collections.unmodifiableMap(new TreeMap<>(outcomes));
        exceptions = Collections.unmodifiableMap(new TreeMap<>(exceptions));
        seconds = List.copyOf(seconds);
        violations = List.copyOf(violations);
    }

    /**
     * A part of the run.
     *
     * @param appendsPerSecond acknowledged
     * @param lagP50Millis half of the events were delivered within so many milliseconds after their append was acknowledged; 0 if before
     * @param lagP99Millis 99 of 100 were
     */
    public record Phase(double appendsPerSecond, double lagP50Millis, double lagP99Millis) {}

    /**
     * A second of the run.
     *
     * @param acknowledged appends
     * @param longestLagMillis of the events that were delivered in it; 0 if there were none
     * @param faults how many of each kind
     */
    public record Second(long acknowledged, double longestLagMillis, Map<String, Long> faults) {}

    /** What is known of the run itself; times as {@link System#nanoTime}. */
    record Run(
            String database,
            String version,
            String durability,
            long seed,
            Instant day,
            long began,
            long faultsBegan,
            long faultsEnded,
            long ended,
            int processors) {}

    /** {@return whether nothing was found} */
    public boolean holds() {
        return violations.isEmpty();
    }

    static Report of(Run run, List<Fault> faults, History history, FinalLedger ledger, List<Violation> found) {
        Map<String, Long> outcomes = new TreeMap<>();
        Map<String, Long> exceptions = new TreeMap<>();
        Set<String> there = ledger.facts().stream().map(FinalLedger.Fact::key).collect(Collectors.toSet());
        for (Attempt each : history.attempts()) {
            outcomes.merge(outcome(each, there), 1L, Long::sum);
            if (!each.why().isEmpty()) {
                exceptions.merge(each.why(), 1L, Long::sum);
            }
        }
        history.failures().forEach(each -> exceptions.merge(each.call() + ": " + each.why(), 1L, Long::sum));
        Lags lags = new Lags(history);
        return new Report(
                run.database(),
                run.version(),
                run.durability(),
                run.seed(),
                run.day(),
                Duration.ofNanos(run.faultsEnded() - run.faultsBegan()),
                run.processors(),
                byKind(faults),
                outcomes,
                exceptions,
                ledger.facts().size(),
                ledger.voids().size(),
                history.replays().size(),
                lags.count(),
                phase(history, lags, run.began(), run.faultsBegan()),
                phase(history, lags, run.faultsBegan(), run.faultsEnded()),
                phase(history, lags, run.faultsEnded(), run.ended()),
                seconds(run, faults, history, lags),
                found,
                "",
                "");
    }

    Report withNotes(String folder) {
        return with(folder, leftBehind);
    }

    Report withLeftBehind(String what) {
        return with(notes, what);
    }

    private Report with(String itsNotes, String itsLeftBehind) {
        return new Report(
                database,
                version,
                durability,
                seed,
                began,
                faultsLasted,
                processors,
                faults,
                outcomes,
                exceptions,
                events,
                voids,
                replays,
                deliveries,
                before,
                during,
                after,
                seconds,
                violations,
                itsNotes,
                itsLeftBehind);
    }

    /** Of an attempt whose end nobody saw, whether its append is there in the end, by this attempt or another. */
    private static String outcome(Attempt attempt, Set<String> there) {
        String outcome = attempt.outcome().name().toLowerCase(Locale.ROOT);
        return attempt.outcome() == Outcome.UNKNOWN
                ? outcome + (there.contains(attempt.key()) ? ", is there" : ", is not there")
                : outcome;
    }

    private static Map<String, Long> byKind(List<Fault> faults) {
        Map<String, Long> kinds = new TreeMap<>();
        faults.forEach(fault -> kinds.merge(fault.kind(), 1L, Long::sum));
        return kinds;
    }

    private static boolean isAcknowledged(Attempt attempt, long from, long to) {
        return attempt.outcome() == Outcome.STORED
                && !attempt.repeated()
                && attempt.ended() >= from
                && attempt.ended() < to;
    }

    private static Phase phase(History history, Lags lags, long from, long to) {
        long acknowledged = history.attempts().stream()
                .filter(attempt -> isAcknowledged(attempt, from, to))
                .count();
        return new Phase(
                acknowledged / ((to - from) / NANOS_PER_SECOND),
                lags.percentile(from, to, 0.5),
                lags.percentile(from, to, 0.99));
    }

    private static List<Second> seconds(Run run, List<Fault> faults, History history, Lags lags) {
        int count = (int) Math.ceil((run.ended() - run.began()) / NANOS_PER_SECOND);
        long[] acknowledged = new long[count];
        double[] longest = new double[count];
        List<Map<String, Long>> kinds = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            kinds.add(new TreeMap<>());
        }
        for (Attempt each : history.attempts()) {
            if (isAcknowledged(each, run.began(), run.ended())) {
                acknowledged[second(run, each.ended())]++;
            }
        }
        for (Lags.Lag lag : lags.all()) {
            if (lag.at() >= run.began() && lag.at() < run.ended()) {
                int second = second(run, lag.at());
                longest[second] = Math.max(longest[second], lag.nanos() / NANOS_PER_MILLI);
            }
        }
        for (Fault fault : faults) {
            if (fault.at() >= run.began() && fault.at() < run.ended()) {
                kinds.get(second(run, fault.at())).merge(fault.kind(), 1L, Long::sum);
            }
        }
        List<Second> seconds = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            seconds.add(new Second(acknowledged[i], longest[i], kinds.get(i)));
        }
        return seconds;
    }

    private static int second(Run run, long at) {
        return (int) ((at - run.began()) / (long) NANOS_PER_SECOND);
    }

    /** How long after its acknowledgement each event was delivered by each tail. */
    private static final class Lags {
        private final List<Lag> lags = new ArrayList<>();

        /** One event by one tail. */
        private record Lag(long at, long nanos) {}

        Lags(History history) {
            Map<UUID, Long> acknowledged = new HashMap<>();
            for (Attempt each : history.attempts()) {
                if (each.outcome() == Outcome.STORED) {
                    each.spots().forEach(spot -> acknowledged.merge(spot.id(), each.ended(), Math::min));
                }
            }
            for (List<Delivered> pages : history.tails().values()) {
                for (Delivered page : pages) {
                    for (Spot spot : page.events()) {
                        long since = page.at() - acknowledged.getOrDefault(spot.id(), page.at());
                        lags.add(new Lag(page.at(), Math.max(0, since)));
                    }
                }
            }
            lags.sort(Comparator.comparingLong(Lag::at));
        }

        List<Lag> all() {
            return lags;
        }

        long count() {
            return lags.size();
        }

        double percentile(long from, long to, double part) {
            long[] nanos = lags.stream()
                    .filter(lag -> lag.at() >= from && lag.at() < to)
                    .mapToLong(Lag::nanos)
                    .toArray();
            Arrays.sort(nanos);
            return nanos.length == 0
                    ? 0
                    : nanos[(int) Math.min(nanos.length - 1L, (long) (nanos.length * part))] / NANOS_PER_MILLI;
        }
    }
}
