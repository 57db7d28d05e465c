package io.sqleventstore.rivals;

import io.sqleventstore.benchmarks.Refusal;
import io.sqleventstore.benchmarks.Rival;

/** The database that all of them know. */
final class Postgres {
    static final String URL = "jdbc:postgresql:";

    private Postgres() {}

    static void require(Rival.Site site) {
        if (!site.address().url().startsWith(URL)) {
            throw new Refusal("Rivals are measured on PostgreSQL only.");
        }
    }
}
