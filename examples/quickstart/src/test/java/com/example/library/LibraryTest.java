package com.example.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.sqleventstore.AppendKeyReused;
import io.sqleventstore.conformance.TestStore;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The rules, one command after the other. */
class LibraryTest {
    /** As the application, but in tables of the test's own. */
    static final String URL = System.getenv().getOrDefault("LIBRARY_URL", "jdbc:sqlite:target/test.db");

    @AutoClose
    private final TestStore test = TestStore.at(URL);

    private final Library library = new Library(test.store());

    @Test
    void aCopyThatIsBackIsLentAgain() {
        library.lend("1", "dune-1", "ann");
        library.takeBack("2", "dune-1", "ann");
        library.lend("3", "dune-1", "bob");

        assertThat(Audit.of(test.store())).isEqualTo(Map.of("dune-1", "bob"));
    }

    @Test
    void aCopyIsLentToOneMember() {
        library.lend("1", "dune-1", "ann");

        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> library.lend("2", "dune-1", "bob"))
                .withMessage("dune-1 is on loan.");
        assertThatExceptionOfType(Refused.class).isThrownBy(() -> library.lend("3", "dune-1", "ann"));
        assertThat(Audit.of(test.store())).isEqualTo(Map.of("dune-1", "ann"));
    }

    @Test
    void aMemberHasThreeCopiesAtMost() {
        library.lend("1", "dune-1", "ann");
        library.lend("2", "emma-1", "ann");
        library.lend("3", "ulysses-1", "ann");

        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> library.lend("4", "walden-1", "ann"))
                .withMessage("ann has 3 copies already.");
        library.takeBack("5", "emma-1", "ann");
        library.lend("6", "walden-1", "ann");
        assertThat(Audit.of(test.store())).containsOnlyKeys("dune-1", "ulysses-1", "walden-1");
    }

    @Test
    void onlyTheMemberWhoHasTheCopyCanReturnIt() {
        assertThatExceptionOfType(Refused.class).isThrownBy(() -> library.takeBack("1", "dune-1", "ann"));
        library.lend("2", "dune-1", "ann");

        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> library.takeBack("3", "dune-1", "bob"))
                .withMessage("bob doesn't have dune-1.");
        assertThat(Audit.of(test.store())).isEqualTo(Map.of("dune-1", "ann"));
    }

    @Test
    void aRepeatedCommandChangesNothing() {
        assertThat(library.lend("1", "dune-1", "ann").repeated()).isFalse();
        assertThat(library.lend("1", "dune-1", "ann").repeated()).isTrue();
        assertThat(library.takeBack("2", "dune-1", "ann").repeated()).isFalse();
        library.lend("3", "dune-1", "bob");

        assertThat(library.lend("1", "dune-1", "ann").repeated())
                .as("after everything has moved on")
                .isTrue();
        assertThat(library.takeBack("2", "dune-1", "ann").repeated()).isTrue();
        assertThat(Audit.of(test.store())).isEqualTo(Map.of("dune-1", "bob"));
    }

    @Test
    void anIdIsForOneCommand() {
        library.lend("1", "dune-1", "ann");

        assertThatExceptionOfType(AppendKeyReused.class).isThrownBy(() -> library.lend("1", "emma-1", "ann"));
        assertThatExceptionOfType(AppendKeyReused.class).isThrownBy(() -> library.lend("1", "dune-1", "bob"));
        assertThat(Audit.of(test.store())).isEqualTo(Map.of("dune-1", "ann"));
    }
}
