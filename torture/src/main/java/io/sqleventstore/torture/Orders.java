package io.sqleventstore.torture;

/**
 * What a client's process is told; by an environment variable, since others can read a process's arguments.
 *
 * @param url credentials included
 * @param dialect class of the dialect
 * @param schema where the tables are
 * @param prefix of the tables
 * @param notes the file for what its writers and its reader note
 * @param tailNotes the file for what its tail notes
 * @param name no other client has it
 * @param writers how many threads append
 * @param connections how many of the pool's at most
 * @param seed of all that it does by chance
 * @param cursor where its tail goes on
 * @param skewHours how much its clock is wrong
 * @param longestOpenMillis how long one of its writers leaves a transaction open at most
 * @param isolation the level of the server's new connections, as JDBC numbers it
 * @param appendsPerCommit how many appends of its store share a commit at most; 0 for as many as the dialect has
 */
record Orders(
        String url,
        String dialect,
        String schema,
        String prefix,
        String notes,
        String tailNotes,
        String name,
        int writers,
        int connections,
        long seed,
        String cursor,
        long skewHours,
        int longestOpenMillis,
        int isolation,
        int appendsPerCommit) {}
