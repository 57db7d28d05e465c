package io.sqleventstore.rivals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.apache.pekko.Done;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.Status;
import org.apache.pekko.persistence.AbstractPersistentActor;
import org.apache.pekko.persistence.journal.Tagged;

/** An entity: appends what it is sent, and answers when that is stored. */
final class EntityActor extends AbstractPersistentActor {
    static final String TAG = "all";

    private final String key;
    private final boolean tagged;
    private long events;

    EntityActor(String key, boolean tagged) {
        this.key = key;
        this.tagged = tagged;
    }

    /** To be appended in one transaction. */
    record Append(List<String> documents) {}

    @Override
    public String persistenceId() {
        return key;
    }

    @Override
    public Receive createReceiveRecover() {
        return receiveBuilder().match(byte[].class, event -> events++).build();
    }

    @Override
    public Receive createReceive() {
        return receiveBuilder().match(Append.class, this::append).build();
    }

    private void append(Append append) {
        ActorRef client = getSender();
        long after = events + append.documents().size();
        persistAll(append.documents().stream().map(this::event).toList(), event -> {
            events++;
            if (events == after) {
                client.tell(Done.getInstance(), getSelf());
            }
        });
    }

    private Object event(String document) {
        byte[] bytes = document.getBytes(StandardCharsets.UTF_8);
        return tagged ? new Tagged(bytes, Set.of(TAG)) : bytes;
    }

    /** The actor stops then; whoever waits for it is told why. */
    @Override
    public void onPersistFailure(Throwable cause, Object event, long number) {
        getSender().tell(new Status.Failure(cause), getSelf());
        super.onPersistFailure(cause, event, number);
    }
}
