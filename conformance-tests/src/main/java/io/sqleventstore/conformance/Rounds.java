package io.sqleventstore.conformance;

import java.util.concurrent.atomic.LongAdder;

/** Counts the rounds of races and of random tries, for the certificate. */
final class Rounds {
    private static final LongAdder COUNT = new LongAdder();

    private Rounds() {}

    /** Another round. */
    static void add() {
        COUNT.increment();
    }

    /** How many there were in this process. */
    static long count() {
        return COUNT.sum();
    }
}
