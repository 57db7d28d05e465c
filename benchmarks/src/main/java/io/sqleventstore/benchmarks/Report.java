package io.sqleventstore.benchmarks;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a run measured.
 *
 * @param facts what the figures depend on, by name: server, driver, settings, machine
 * @param results of each workload and number of threads, those of the library, of floors and of rivals beside each other
 * @param sizes on the disk; none unless the ledger had events before, and all workloads have ended
 */
public record Report(Map<String, String> facts, List<Result> results, List<Size> sizes) {
    /**
     * Copies all.
     *
     * @param facts as {@link #facts}
     * @param results as {@link #results}
     * @param sizes as {@link #sizes}
     */
    public Report {
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
        results = List.copyOf(results);
        sizes = List.copyOf(sizes);
    }
}
