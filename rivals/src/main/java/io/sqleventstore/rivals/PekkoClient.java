package io.sqleventstore.rivals;

import io.sqleventstore.benchmarks.Rival;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.pattern.Patterns;
import org.apache.pekko.persistence.jdbc.query.javadsl.JdbcReadJournal;
import org.apache.pekko.persistence.query.EventEnvelope;
import org.apache.pekko.persistence.query.Offset;
import org.apache.pekko.persistence.query.PersistenceQuery;
import org.apache.pekko.stream.javadsl.Source;

/** Asks an entity's actor to append, and the read journal to replay. An actor is never too late: it is the only one that writes. */
final class PekkoClient implements Rival.Worker {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final ActorSystem system;
    private final Function<String, ActorRef> actors;

    PekkoClient(ActorSystem system, Function<String, ActorRef> actors) {
        this.system = system;
        this.actors = actors;
    }

    @Override
    public int append(String key, List<String> documents) {
        await(Patterns.ask(actors.apply(key), new EntityActor.Append(documents), PATIENCE));
        return 0;
    }

    @Override
    public long replay(String key) {
        return count(journal().currentEventsByPersistenceId(key, 0, Long.MAX_VALUE));
    }

    @Override
    public long replayAll() {
        return count(journal().currentEventsByTag(EntityActor.TAG, Offset.noOffset()));
    }

    private JdbcReadJournal journal() {
        return PersistenceQuery.get(system).getReadJournalFor(JdbcReadJournal.class, JdbcReadJournal.Identifier());
    }

    private long count(Source<EventEnvelope, NotUsed> events) {
        return await(events.filter(event -> !text(event).isEmpty()).runFold(0L, (count, event) -> count + 1, system));
    }

    private static String text(EventEnvelope event) {
        return new String((byte[]) event.event(), StandardCharsets.UTF_8);
    }

    static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("Pekko failed: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("It was interrupted.", e);
        }
    }
}
