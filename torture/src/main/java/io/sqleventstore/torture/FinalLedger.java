package io.sqleventstore.torture;

import io.sqleventstore.StoredEvent;
import io.sqleventstore.sql.LedgerEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    /** An event, with digests in place of its documents. There are millions: what many have in common is one object. */
    record Fact(
            long position,
            UUID id,
            String entity,
            long revision,
            @Nullable UUID previousId,
            String name,
            String key,
            int index,
            Digest content,
            @Nullable Digest metadata) {
        Fact {
            entity = entity.intern();
            name = name.intern();
        }

        static Fact of(StoredEvent event) {
            return of(event, event.appendKey());
        }

        private static Fact of(StoredEvent event, String key) {
            return new Fact(
                    event.position(),
                    event.id(),
                    event.entity().toString(),
                    event.revision(),
                    event.previousId(),
                    event.name(),
                    key,
                    event.appendIndex(),
                    Digest.of(event.data()),
                    event.metadata() == null ? null : Digest.of(event.metadata()));
        }

        /** Of all that it is; no name or key has U+0000. */
        Digest digest() {
            return Digest.of(String.join(
                    "\0",
                    String.valueOf(position),
                    id.toString(),
                    entity,
                    String.valueOf(revision),
                    String.valueOf(previousId),
                    name,
                    key,
                    String.valueOf(index),
                    content.toString(),
                    String.valueOf(metadata)));
        }
    }

    static FinalLedger of(Stream<LedgerEntry> entries) {
        List<Fact> facts = new ArrayList<>();
        List<Long> voids = new ArrayList<>();
        Map<String, String> keys = new HashMap<>();
        entries.forEach(entry -> {
            if (entry instanceof LedgerEntry.Event event) {
                String key = event.event().appendKey();
                facts.add(Fact.of(event.event(), keys.computeIfAbsent(key, its -> its)));
            } else {
                voids.add(entry.position());
            }
        });
        return new FinalLedger(facts, voids);
    }

    /** Where in its events the first is that has that position or a higher one. */
    int firstAt(long position) {
        int low = 0;
        int high = facts.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (facts.get(middle).position() < position) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** At each event's place the sum of the digests before it, and behind the last the sum of all. */
    Digest[] sums() {
        Digest[] sums = new Digest[facts.size() + 1];
        sums[0] = Digest.NONE;
        for (int i = 0; i < facts.size(); i++) {
            sums[i + 1] = sums[i].plus(facts.get(i).digest());
        }
        return sums;
    }
}
