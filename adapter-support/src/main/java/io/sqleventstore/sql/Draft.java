package io.sqleventstore.sql;

import io.sqleventstore.Append;
import io.sqleventstore.rules.LedgerRow;
import java.util.List;

/**
 * An append and the rows that it is to become: the same in each attempt to store it.
 *
 * @param append the append
 * @param rows what {@link Ledger#rows} made of it
 */
record Draft(Append append, List<LedgerRow> rows) {
    /** The length of its documents. */
    long characters() {
        return Ledger.characters(rows);
    }
}
