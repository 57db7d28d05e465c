package com.example.library;

import static com.example.library.AtOnce.isAllowed;
import static org.assertj.core.api.Assertions.assertThat;

import io.sqleventstore.conformance.TestStore;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The rules, when many are at the desks at once. */
class RaceTest {
    private static final int ROUNDS = 20;

    @AutoClose
    private final TestStore test = TestStore.at(LibraryTest.URL);

    private final Library library = new Library(test.store());

    private void lend(String copy, String member) {
        library.lend(UUID.randomUUID().toString(), copy, member);
    }

    @Test
    void oneOfManyMembersGetsTheCopy() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            String copy = "copy-" + round;
            assertThat(AtOnce.run(number -> isAllowed(() -> lend(copy, "member-" + copy + "-" + number))))
                    .containsOnlyOnce(true);
        }
        assertThat(Audit.of(test.store())).hasSize(ROUNDS);
    }

    @Test
    void aMemberGetsThreeOfManyCopies() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            String member = "member-" + round;
            assertThat(AtOnce.run(number -> isAllowed(() -> lend("copy-" + member + "-" + number, member))))
                    .filteredOn(allowed -> allowed)
                    .hasSize(3);
        }
        assertThat(Audit.of(test.store())).hasSize(3 * ROUNDS);
    }

    @Test
    void aCommandThatArrivesManyTimesAtOnceIsDoneOnce() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            String id = "command-" + round;
            String member = "member-" + round;
            lend("first-of-" + member, member);
            lend("second-of-" + member, member);

            assertThat(AtOnce.run(number ->
                            library.lend(id, "third-of-" + member, member).repeated()))
                    .as("not even the copy that it has itself given out is in its way")
                    .containsOnlyOnce(false);
        }
        assertThat(Audit.of(test.store())).hasSize(3 * ROUNDS);
    }
}
