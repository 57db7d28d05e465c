package com.example.library;

import static org.assertj.core.api.Assertions.assertThat;

import io.sqleventstore.conformance.TestStore;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The read model, and the desk that shows it. */
class LoansTest {
    private static final int ROUNDS = 10;
    private static final int COMMANDS = 10;

    @AutoClose
    private final TestStore test = TestStore.at(LibraryTest.URL);

    private final Library library = new Library(test.store());
    private final Loans loans = new Loans(test.dataSource(), test.store());

    @Test
    void itIsWhatARebuildFromScratchFinds() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            int seed = AtOnce.THREADS * round;
            AtOnce.run(number -> number == 0 ? follow() : lendAndReturn(new Random(seed + number)));
            AtOnce.run(number -> follow()); // all of them with the same events to take in
            assertThat(membersByCopy()).isEqualTo(Audit.of(test.store()));
        }

        List<Loan> followed = loans.all();
        loans.rebuild();
        assertThat(loans.all()).isEqualTo(followed);
    }

    private Map<String, String> membersByCopy() {
        return loans.all().stream().collect(Collectors.toMap(Loan::copy, Loan::member));
    }

    private int follow() {
        loans.update();
        return 0;
    }

    private int lendAndReturn(Random random) {
        int done = 0;
        for (int i = 0; i < COMMANDS; i++) {
            String id = UUID.randomUUID().toString();
            String copy = "copy-" + random.nextInt(6);
            String member = "member-" + random.nextInt(3);
            boolean lends = random.nextBoolean();
            boolean allowed = AtOnce.isAllowed(
                    lends ? () -> library.lend(id, copy, member) : () -> library.takeBack(id, copy, member));
            done += allowed ? 1 : 0;
        }
        return done;
    }

    @Test
    void aLoanIsOverdueAfterFourWeeks() {
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        library.lend("1", "dune-1", "ann");
        loans.update();

        Loan loan = loans.all().get(0);
        assertThat(loan.since()).isBetween(today, today.plusDays(1)); // it may be midnight
        assertThat(loan.isOverdue(loan.since().plusDays(28))).isFalse();
        assertThat(loan.isOverdue(loan.since().plusDays(29))).isTrue();
    }

    @Test
    void theDeskLendsAndLists() {
        assertThat(desk("lend", "dune-1", "ann", "7")).isEqualTo("Done, as command 7.\n");
        assertThat(desk("lend", "dune-1", "ann", "7")).isEqualTo("Done before, as command 7.\n");
        assertThat(desk("loans")).matches("dune-1 is with ann until \\d{4}-\\d\\d-\\d\\d\\R");
        assertThat(desk("overdue")).isEmpty();
        assertThat(desk("return", "dune-1", "ann")).startsWith("Done, as command ");
        assertThat(desk("loans")).isEmpty();
        assertThat(desk("lend", "dune-1")).startsWith("library lend <copy> <member>");
    }

    private String desk(String... args) {
        return Main.run(test.dataSource(), args);
    }
}
