package io.sqleventstore.rules;

import io.sqleventstore.Append;
import io.sqleventstore.NewEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What follows a head (contract ORD-1, ORD-2, ORD-5). */
public final class Continuation {
    private Continuation() {}

    /**
     * {@return the rows of an append: per entity the revisions go on from its head and each event points back at the one before, the index
     * counts through the append}
     *
     * @param append the append
     * @param ids makes an id for each event that has none
     */
    public static List<LedgerRow> rows(Append append, Supplier<UUID> ids) {
        List<LedgerRow> rows = new ArrayList<>(append.size());
        for (Append.Part part : append.parts()) {
            long revision = part.after().revision();
            @Nullable UUID previous = part.after().eventId();
            for (NewEvent event : part.events()) {
                UUID id = event.id() == null ? ids.get() : event.id();
                revision++;
                rows.add(new LedgerRow(
                        id,
                        part.entity(),
                        revision,
                        previous,
                        event.name(),
                        append.key(),
                        rows.size(),
                        event.data(),
                        event.metadata()));
                previous = id;
            }
        }
        return rows;
    }

    /**
     * {@return whether positions drawn for an append can stand: ascending, and each above its entity's head}
     *
     * @param append the append
     * @param positions one for each event of the append, in its order
     */
    public static boolean ascends(Append append, List<Long> positions) {
        if (positions.size() != append.size()) {
            return false;
        }
        int next = 0;
        long last = 0;
        for (Append.Part part : append.parts()) {
            for (int i = 0; i < part.events().size(); i++) {
                long position = positions.get(next++);
                if (position <= last || position <= part.after().position()) {
                    return false;
                }
                last = position;
            }
        }
        return true;
    }
}
