package io.sqleventstore.benchmarks;

/** What one client has done; for one thread. */
final class Tally {
    private long appended;
    private long refused;

    /** So many events were stored, as the database said. */
    void appended(int events) {
        appended += events;
    }

    /** An append came too late and is tried again. */
    void refused() {
        refused(1);
    }

    /** So many came too late. */
    void refused(int appends) {
        refused += appends;
    }

    void add(Tally other) {
        appended += other.appended;
        refused += other.refused;
    }

    long appendedEvents() {
        return appended;
    }

    long refusals() {
        return refused;
    }
}
