package io.sqleventstore.cli;

import io.sqleventstore.Entity;
import io.sqleventstore.EntityType;
import io.sqleventstore.InvalidEvent;
import io.sqleventstore.StoredEvent;
import io.sqleventstore.sql.LedgerEntry;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@link LedgerWriter} wrote; what was changed or cut off on the way throws a {@link BadLine}, at the latest after the last entry.
 */
final class LedgerReader implements Iterator<LedgerEntry> {
    private final LineReader lines;
    private final MessageDigest digest = Sha256.digest();
    private final List<EntityType> types;
    private LineReader.@Nullable Line line;
    private Members members;
    private long positions;
    private long events;
    private boolean finished;

    LedgerReader(LineReader lines) {
        this.lines = lines;
        this.members = read();
        if (!members.has("ledger")
                || !members.text("ledger").equals(LedgerWriter.FORMAT)
                || members.number("version") != LedgerWriter.VERSION) {
            throw members.bad(
                    "this is no exported ledger that this release knows; it begins with {\"ledger\":\"%s\",\"version\":%d}."
                            .formatted(LedgerWriter.FORMAT, LedgerWriter.VERSION));
        }
        advance();
        this.types = readTypes();
    }

    /** What is registered, sorted. */
    List<EntityType> types() {
        return types;
    }

    private List<EntityType> readTypes() {
        SortedMap<String, SortedSet<String>> names = new TreeMap<>();
        while (members.has("entity") && !members.has("position")) {
            EntityType type = type(members);
            names.computeIfAbsent(type.name(), name -> new TreeSet<>()).addAll(type.events());
            advance();
        }
        return names.entrySet().stream()
                .map(type -> new EntityType(type.getKey(), type.getValue()))
                .toList();
    }

    /** A name that is registered, on a line of its own. */
    static EntityType type(Members from) {
        from.only("entity", "event");
        try {
            return EntityType.of(from.text("entity"), from.text("event"));
        } catch (InvalidEvent e) {
            throw from.bad(Objects.requireNonNull(e.getMessage()));
        }
    }

    /** Whether there is another position; false only after a last line that agrees with all lines before it. */
    @Override
    public boolean hasNext() {
        if (!finished && !members.has("position")) {
            checkTrailer();
            finished = true;
        }
        return !finished;
    }

    @Override
    public LedgerEntry next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        Members current = members;
        LedgerEntry entry = current.has("void") ? voidEntry(current) : event(current);
        positions++;
        advance();
        return entry;
    }

    private static LedgerEntry voidEntry(Members from) {
        from.only("position", "id", "void");
        return new LedgerEntry.VoidEntry(from.number("position"), from.id("id"));
    }

    private LedgerEntry event(Members from) {
        from.only(
                "position",
                "id",
                "entity",
                "key",
                "revision",
                "previousId",
                "event",
                "appendKey",
                "appendIndex",
                "data",
                "metadata",
                "recordedAt");
        events++;
        try {
            return new LedgerEntry.Event(new StoredEvent(
                    from.number("position"),
                    from.id("id"),
                    Entity.of(from.text("entity"), from.text("key")),
                    from.number("revision"),
                    from.optionalId("previousId"),
                    from.text("event"),
                    from.text("appendKey"),
                    Math.toIntExact(from.number("appendIndex")),
                    from.text("data"),
                    from.optionalText("metadata"),
                    from.time("recordedAt")));
        } catch (InvalidEvent | ArithmeticException e) {
            throw from.bad(Objects.requireNonNullElse(e.getMessage(), "it is no event."));
        }
    }

    private Members read() {
        LineReader.Line read = lines.next();
        if (read == null) {
            throw new BadLine(line == null ? 1 : line.number() + 1, "the exported ledger ends before its last line.");
        }
        line = read;
        return Members.of(read);
    }

    /** The line that was read counts for the digest, and the next is read. */
    private void advance() {
        Objects.requireNonNull(line).digest(digest);
        members = read();
    }

    private void checkTrailer() {
        members.only("positions", "events", "sha256");
        boolean same = members.number("positions") == positions
                && members.number("events") == events
                && members.text("sha256").equals(HexFormat.of().formatHex(digest.digest()));
        if (!same) {
            throw members.bad(
                    "the lines before are not those that were exported; they were changed, or some are missing.");
        }
        if (lines.next() != null) {
            throw members.bad("there is more after the last line of an exported ledger.");
        }
    }
}
