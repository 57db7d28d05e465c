package io.sqleventstore.torture;

import io.sqleventstore.StoredEvent;
import io.sqleventstore.sql.LedgerEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the ledger holds in the end.
 *
 * @param facts its events in position order
 * @param voids its other positions, ascending
 */
record FinalLedger(List<Fact> facts, List<Long> voids) {
    /** An event without its documents. */
    record Fact(
            long position,
            UUID id,
            String entity,
            long revision,
            @Nullable UUID previousId,
            String name,
            String key,
            int index,
            String content) {
        static Fact of(StoredEvent event) {
            return new Fact(
                    event.position(),
                    event.id(),
                    event.entity().toString(),
                    event.revision(),
                    event.previousId(),
                    event.name(),
                    event.appendKey(),
                    event.appendIndex(),
                    Digest.of(event.data()));
        }
    }

    static FinalLedger of(Stream<LedgerEntry> entries) {
        List<Fact> facts = new ArrayList<>();
        List<Long> voids = new ArrayList<>();
        entries.forEach(entry -> {
            if (entry instanceof LedgerEntry.Event event) {
                facts.add(Fact.of(event.event()));
            } else {
                voids.add(entry.position());
            }
        });
        return new FinalLedger(facts, voids);
    }
}
