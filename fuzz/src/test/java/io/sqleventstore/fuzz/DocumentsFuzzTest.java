package io.sqleventstore.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sqleventstore.InvalidEvent;
import io.sqleventstore.NewEvent;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** What the check of documents takes is what the contract allows, no more and no less, and other parsers take it too. */
class DocumentsFuzzTest {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int DEEPER_THAN_ALLOWED = 40;
    private static final int LONGER_THAN_ALLOWED = 1_100;

    /** In the text {@code #} stands for many digits, and brackets are put around it. */
    @FuzzTest(maxDuration = "10m")
    @DictionaryEntries({"true", "false", "null", "\\u0000", "\\ud83d\\ude00", "1e308", "1e309", "-0.0", "\"\":", "//"})
    void theCheckIsWhatTheContractSays(FuzzedDataProvider data) throws SQLException {
        int brackets = data.consumeInt(0, DEEPER_THAN_ALLOWED);
        int digits = data.consumeInt(0, LONGER_THAN_ALLOWED);
        String text = "[".repeat(brackets)
                + data.consumeRemainingAsString().replace("#", "7".repeat(digits))
                + "]".repeat(brackets);
        boolean taken = isTaken(text);
        assertThat(taken).as("what is said of %s", text).isEqualTo(Rfc8259.allows(text));
        if (taken) {
            jacksonReads(text);
            assertThat(sqliteTakes(text)).as("SQLite on %s", text).isTrue();
        }
    }

    private static boolean isTaken(String text) {
        try {
            NewEvent event = NewEvent.of("e", text);
            assertThat(event.data()).isEqualTo(text);
            assertThat(NewEvent.of("e", "{}").withMetadata(text).metadata()).isEqualTo(text);
            return true;
        } catch (InvalidEvent e) {
            assertThat(e.getMessage()).startsWith("The data ");
            return false;
        }
    }

    /** From bytes, which is another parser of Jackson's than the one that reads texts. */
    private static void jacksonReads(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), bytes)) {
            parser.nextToken();
            parser.skipChildren();
            assertThat(parser.nextToken()).isNull();
        } catch (JacksonException e) {
            fail("Jackson refuses " + text, e);
        }
    }

    private static boolean sqliteTakes(String text) throws SQLException {
        try (PreparedStatement query = Sqlite.MEMORY.prepareStatement("SELECT json_valid(?)")) {
            query.setString(1, text);
            try (ResultSet row = query.executeQuery()) {
                return row.next() && row.getInt(1) == 1;
            }
        }
    }

    /** A database of nothing, for its functions. */
    private static final class Sqlite {
        static final Connection MEMORY = open();

        private static Connection open() {
            try {
                return DriverManager.getConnection("jdbc:sqlite::memory:");
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
