package io.sqleventstore.sql;

import io.sqleventstore.Append;
import io.sqleventstore.AppendResult;
import io.sqleventstore.Cursor;
import io.sqleventstore.Selection;
import io.sqleventstore.Tail;
import io.sqleventstore.TailOptions;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/** Where the statements of a store run: on connections of its own, or in a transaction of the caller's. */
sealed interface Access permits OwnAccess, JoinedAccess {
    /** Runs work whose changes, if any, are not to last. It may run more than once. */
    <T> T read(Function<Handle, T> work);

    /** As {@link #read}, for work that goes through the whole ledger: however long that takes. */
    <T> T readAtLength(Function<Handle, T> work);

    /** Runs work that writes, whole or not at all. It may run more than once, also after it was refused. */
    <T> T write(Function<Handle, T> work);

    /** Stores an append, or finds out why not. */
    AppendResult append(Append append);

    /**
     * Sees to it that every position from one to another is decided, as far as that can be done from here, and returns that last one; where that is
     * lower, the highest position that can be seen from here, or 0.
     */
    long settleAll(long first, long to);

    /** Follows the ledger. */
    Tail tail(Selection selection, Cursor from, TailOptions options);
}
