package io.sqleventstore.benchmarks;

/**
 * What a table without its indexes, or one of its indexes, takes on the disk, before and after all workloads.
 *
 * @param subject whose table it is
 * @param part the table or the index; of MySQL and MariaDB, PRIMARY is the table; of SQLite, an index goes by its columns
 * @param bytesBefore before
 * @param bytesAfter after
 * @param eventsBefore how many events the table had before
 * @param eventsAfter how many events the table had after
 */
public record Size(
        Subject subject, String part, long bytesBefore, long bytesAfter, long eventsBefore, long eventsAfter) {
    /** {@return bytes per event before} */
    public double perEventBefore() {
        return (double) bytesBefore / Math.max(1, eventsBefore);
    }

    /** {@return bytes per event after} */
    public double perEventAfter() {
        return (double) bytesAfter / Math.max(1, eventsAfter);
    }
}
