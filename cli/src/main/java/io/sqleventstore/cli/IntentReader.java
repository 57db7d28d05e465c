package io.sqleventstore.cli;

import io.sqleventstore.Entity;
import io.sqleventstore.Head;
import io.sqleventstore.InvalidEvent;
import io.sqleventstore.Limits;
import io.sqleventstore.NewEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads what is to be appended from JSON Lines: an event a line; lines that follow each other with one append key are one append. */
final class IntentReader {
    private final LineReader lines;
    private @Nullable Numbered ahead;

    IntentReader(LineReader lines) {
        this.lines = lines;
    }

    /** An event, its append key and where it stands. */
    private record Numbered(long line, String key, Intent.Step step) {}

    /**
     * The next append, or null after the last.
     *
     * @throws BadLine if it has a line that is none; nothing of it may be stored
     */
    @Nullable
    Intent next() {
        Numbered begin = ahead == null ? read() : ahead;
        ahead = null;
        if (begin == null) {
            return null;
        }
        List<Intent.Step> steps = new ArrayList<>();
        steps.add(begin.step());
        for (Numbered more = read(); more != null; more = read()) {
            if (!more.key().equals(begin.key())) {
                ahead = more;
                break;
            }
            steps.add(more.step());
            if (steps.size() > Limits.EVENTS_PER_APPEND) {
                throw new BadLine(more.line(), "an append has %,d events at most.".formatted(Limits.EVENTS_PER_APPEND));
            }
        }
        return checked(new Intent(begin.line(), begin.key(), steps));
    }

    private static Intent checked(Intent intent) {
        try {
            intent.after(Head::beforeFirst);
            return intent;
        } catch (InvalidEvent e) {
            throw new BadLine(intent.line(), Objects.requireNonNull(e.getMessage()));
        }
    }

    private @Nullable Numbered read() {
        LineReader.Line line = lines.next();
        while (line != null && line.isBlank()) {
            line = lines.next();
        }
        return line == null ? null : event(Members.of(line), line);
    }

    private static Numbered event(Members from, LineReader.Line line) {
        from.only(
                "entity",
                "key",
                "event",
                "data",
                "metadata",
                "id",
                "appendKey",
                "revision",
                // which 'replay' writes, and an append gives anew
                "position",
                "previousId",
                "appendIndex",
                "recordedAt");
        try {
            NewEvent event = new NewEvent(
                    from.text("event"),
                    from.document("data"),
                    from.optionalDocument("metadata"),
                    from.optionalId("id"));
            Entity entity = Entity.of(from.text("entity"), from.text("key"));
            return new Numbered(
                    line.number(),
                    from.text("appendKey"),
                    new Intent.Step(entity, event, from.optionalNumber("revision")));
        } catch (InvalidEvent e) {
            throw from.bad(Objects.requireNonNull(e.getMessage()));
        }
    }
}
