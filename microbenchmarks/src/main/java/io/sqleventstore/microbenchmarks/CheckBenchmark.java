package io.sqleventstore.microbenchmarks;

import com.github.f4b6a3.uuid.UuidCreator;
import io.sqleventstore.Entity;
import io.sqleventstore.NewEvent;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What is made and checked of what an application gives. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CheckBenchmark {
    private static final int SMALL = 500;
    private static final int LARGE = 64 * 1024;

    private String name = "game";
    private String key = "0197a1f5-3b6e-7c11-9d55-7a6c0e2f8b34";
    private String small = Documents.plain(SMALL);
    private String smallEscaped = Documents.escaped(SMALL);
    private String large = Documents.plain(LARGE);
    private String largeEscaped = Documents.escaped(LARGE);

    /** As the store makes the ids of events. */
    @Benchmark
    public UUID eventId() {
        return UuidCreator.getTimeOrderedEpochPlus1();
    }

    /** An entity's name and key. */
    @Benchmark
    public Entity names() {
        return Entity.of(name, key);
    }

    /** An event with its name and a document of 500 bytes. */
    @Benchmark
    public NewEvent document500() {
        return NewEvent.of(name, small);
    }

    /** One with escapes. */
    @Benchmark
    public NewEvent document500Escaped() {
        return NewEvent.of(name, smallEscaped);
    }

    /** One of 64 KiB. */
    @Benchmark
    public NewEvent document64k() {
        return NewEvent.of(name, large);
    }

    /** One of 64 KiB with escapes. */
    @Benchmark
    public NewEvent document64kEscaped() {
        return NewEvent.of(name, largeEscaped);
    }
}
