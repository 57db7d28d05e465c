package io.sqleventstore.fuzz;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.sql.SQLException;

/** A store in a real SQLite file and a list of events do the same, whatever is asked of them in whatever order. */
class StoreFuzzTest {
    @FuzzTest(maxDuration = "10m")
    void aStoreDoesWhatAListOfEventsDoes(FuzzedDataProvider data) throws SQLException {
        try (LedgerFile ledger = LedgerFile.empty()) {
            new Program(ledger, new Draw(data)).run();
        }
    }
}
