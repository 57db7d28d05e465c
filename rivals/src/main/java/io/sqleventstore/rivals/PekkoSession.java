package io.sqleventstore.rivals;

import io.sqleventstore.benchmarks.Rival;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Props;

/** A system of actors, one for each entity, which stays in memory once it was needed. */
final class PekkoSession implements Rival.Session {
    private final ActorSystem system;
    private final boolean tagged;
    private final Map<String, ActorRef> actors = new ConcurrentHashMap<>();

    /**
     * @param tagged whether events get a tag, by which alone all of them can be read
     */
    PekkoSession(ActorSystem system, boolean tagged) {
        this.system = system;
        this.tagged = tagged;
    }

    @Override
    public Rival.Worker worker() {
        return new PekkoClient(system, this::actor);
    }

    private ActorRef actor(String key) {
        return actors.computeIfAbsent(
                key, its -> system.actorOf(Props.create(EntityActor.class, () -> new EntityActor(its, tagged))));
    }

    @Override
    public void close() {
        system.terminate();
        PekkoClient.await(system.getWhenTerminated());
    }
}
