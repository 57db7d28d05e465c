package io.sqleventstore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sqleventstore.Selection;
import io.sqleventstore.fuzz.LedgerFile;
import io.sqleventstore.sql.SqlEventStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Any bytes as an exported ledger; where they have no last line, one that fits is put there, so that the rest is read. */
class ImportLinesFuzzTest {
    private static final String DAMAGED = "The exported ledger is damaged, ";
    private static final String LAST_LINE = "{\"positions\":%d,\"events\":%d,\"sha256\":\"%s\"}\n";

    @FuzzTest(maxDuration = "10m")
    @DictionaryEntries({
        "\"position\":1",
        "\"void\":true",
        "\"previousId\":null",
        "\"metadata\":\"[]\"",
        "\"appendIndex\":0",
        "\"revision\":2",
        "~void",
        "\"recordedAt\":\"+1000000000-12-31T23:59:59.999999999Z\"",
        "\"recordedAt\":\"2025-04-07T18:30:00.123456Z\"",
        "\\u0000"
    })
    void aLedgerIsImportedAsItIsOrNotAtAll(byte[] bytes) throws IOException {
        byte[] input = withLastLine(bytes);
        try (LedgerFile ledger = LedgerFile.empty();
                LedgerFile other = LedgerFile.empty()) {
            Command imported = Command.run(input, "import", "--url", ledger.url(), "--from", "-")
                    .endedWith(ExitCode.OK, ExitCode.FOUND_WRONG);
            boolean done = imported.exitCode() == ExitCode.OK;
            if (!done) {
                assertThat(ledger.store().replay(Selection.all())).isEmpty();
                saysWhere(imported, input);
            }
            Command file = importFile(input, other);
            assertThat(file.exitCode()).as(file.err()).isEqualTo(imported.exitCode());
            if (done) {
                isTheSame(ledger, other, input);
            } else {
                assertThat(other.store().replay(Selection.all())).isEmpty();
                if (file.err().contains(DAMAGED)) {
                    assertThat(other.store().registered()).isEmpty();
                }
            }
        }
    }

    /** By a line that is none, or by the position that is refused. */
    private static void saysWhere(Command refused, byte[] input) {
        if (refused.err().contains(DAMAGED)) {
            refused.namedALine(Command.lines(input) + 1);
        } else {
            assertThat(refused.err()).containsPattern("[Pp]osition");
        }
    }

    private static Command importFile(byte[] input, LedgerFile into) throws IOException {
        Path file = Files.write(Files.createTempFile("fuzz", ".jsonl"), input);
        try {
            return Command.run(new byte[0], "import", "--url", into.url(), "--from", file.toString())
                    .endedWith(ExitCode.OK, ExitCode.FOUND_WRONG);
        } finally {
            Files.delete(file);
        }
    }

    /** Both ledgers, what is imported again, and what is exported and imported. */
    private static void isTheSame(LedgerFile ledger, LedgerFile other, byte[] input) {
        Command again = Command.run(input, "import", "--url", ledger.url(), "--from", "-")
                .endedWith(ExitCode.OK);
        assertThat(again.out()).startsWith("Imported   0 positions, ");
        String export = export(ledger);
        assertThat(export(other)).isEqualTo(export);
        try (LedgerFile third = LedgerFile.empty()) {
            Command.run(export.getBytes(StandardCharsets.UTF_8), "import", "--url", third.url(), "--from", "-")
                    .endedWith(ExitCode.OK);
            assertThat(export(third)).isEqualTo(export);
            SqlEventStore store = third.store();
            assertThat(store.entries()).isEqualTo(ledger.store().entries().toList());
        }
    }

    private static String export(LedgerFile ledger) {
        return Command.run(new byte[0], "export", "--url", ledger.url())
                .endedWith(ExitCode.OK)
                .out();
    }

    private static byte[] withLastLine(byte[] bytes) {
        String lines = new String(bytes, StandardCharsets.ISO_8859_1);
        if (!lines.endsWith("\n") || lines.contains("\"positions\"")) {
            return bytes;
        }
        long positions =
                lines.lines().filter(line -> line.contains("\"position\"")).count();
        long voids = lines.lines().filter(line -> line.contains("\"void\"")).count();
        return (lines + LAST_LINE.formatted(positions, positions - voids, sha256(bytes)))
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
