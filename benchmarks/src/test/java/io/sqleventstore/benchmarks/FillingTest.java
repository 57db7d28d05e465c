package io.sqleventstore.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.sqleventstore.Entity;
import io.sqleventstore.Selection;
import io.sqleventstore.StoredEvent;
import io.sqleventstore.sql.Verification;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ledger that was filled is one that could have been appended. */
class FillingTest {
    private static final Filling FILLING = new Filling(6_500, 500);

    @TempDir
    private Path temp;

    @Test
    void sqlite_has_a_ledger_that_keeps_all_rules() throws Exception {
        TestServers.onSqlite(temp, FillingTest::fill);
    }

    @Test
    void postgres_has_a_ledger_that_keeps_all_rules() throws Exception {
        TestServers.onPostgres(FillingTest::fill);
    }

    @Test
    void mysql_has_a_ledger_that_keeps_all_rules() throws Exception {
        TestServers.onMysql(FillingTest::fill);
    }

    @Test
    void mariadb_has_a_ledger_that_keeps_all_rules() throws Exception {
        TestServers.onMariadb(FillingTest::fill);
    }

    private static void fill(Place place) throws Exception {
        for (Subject subject : Subject.OWN) {
            FILLING.into(place, subject, progress -> {});
            assertThat(place.stored(subject)).as(subject.label()).isEqualTo(6_500);
            assertSizes(place.sizes(subject), subject);
        }
        assertClean(place, 6_500);
        assertHistories(place);
        place.client(Subject.LIBRARY, new Tally()).append("new", 3);
        place.client(Subject.FLOOR_A, new Tally()).append("new", 3);
        place.client(Subject.FLOOR_B, new Tally()).append("new", 3);
        assertClean(place, 6_503);
    }

    /** The table and the indexes of its keys, at least; each event takes its document and less than three times as much. */
    private static void assertSizes(Map<String, Long> sizes, Subject subject) {
        assertThat(sizes).as(subject.label()).hasSizeGreaterThanOrEqualTo(subject.hasRules() ? 4 : 3);
        assertThat(sizes.values().stream().mapToLong(bytes -> bytes).sum() / 6_500)
                .as("bytes per event of %s: %s", subject.label(), sizes)
                .isBetween(500L, 1_500L);
    }

    private static void assertClean(Place place, long events) {
        Verification found = place.store().verify();
        assertThat(found.checks())
                .hasSize(6)
                .allSatisfy(
                        check -> assertThat(check.violations()).as(check.rule()).isEmpty());
        assertThat(found.events()).isEqualTo(events);
        assertThat(found.lastPosition()).isEqualTo(events);
    }

    private static void assertHistories(Place place) {
        assertThat(Filling.games(6_500)).isEqualTo(270);
        for (long game : new long[] {0, 8, 9, 269}) {
            List<StoredEvent> events =
                    place.store().replay(Entity.of("game", Filling.game(game))).events();
            assertThat(events).as("game %d", game).hasSize(20);
            assertThat(events.get(0).name()).isEqualTo("game-started");
        }
        for (StoredEvent event : place.store().replay(Selection.all()).toList()) {
            assertThat(event.id()).isEqualTo(Filling.id(event.position()));
            assertThat(event.data().getBytes(StandardCharsets.UTF_8)).hasSize(500);
        }
    }
}
