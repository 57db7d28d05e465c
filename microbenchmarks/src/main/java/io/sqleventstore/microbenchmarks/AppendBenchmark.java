package io.sqleventstore.microbenchmarks;

import com.github.f4b6a3.uuid.UuidCreator;
import io.sqleventstore.Append;
import io.sqleventstore.Entity;
import io.sqleventstore.Head;
import io.sqleventstore.NewEvent;
import io.sqleventstore.rules.Continuation;
import io.sqleventstore.rules.LedgerRow;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What the store makes of an append before it goes to the database. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class AppendBenchmark {
    private static final int BYTES = 500;

    /** Events of an append. */
    @Param({"1", "1000"})
    private int events;

    private Head head = new Head(Entity.of("game", "apr-7-2025"), 7, new UUID(7, 7), 7);
    private List<NewEvent> some = List.of();
    private Append append = head.append(NewEvent.of("card-played", "{}"));

    /** Makes the events once: what that costs is measured elsewhere. */
    @Setup
    public void makeEvents() {
        some = Collections.nCopies(events, NewEvent.of("card-played", Documents.plain(BYTES)));
        append = head.append(some);
    }

    /** The append under a new key, its parts checked. */
    @Benchmark
    public Append append() {
        return head.append(some);
    }

    /** Its rows, each with a new id. */
    @Benchmark
    public List<LedgerRow> rows() {
        return Continuation.rows(append, UuidCreator::getTimeOrderedEpochPlus1);
    }
}
