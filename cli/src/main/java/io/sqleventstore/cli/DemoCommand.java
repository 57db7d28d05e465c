package io.sqleventstore.cli;

import io.sqleventstore.AppendResult;
import io.sqleventstore.Entity;
import io.sqleventstore.EventStore;
import io.sqleventstore.Head;
import io.sqleventstore.Selection;
import io.sqleventstore.StaleAppend;
import io.sqleventstore.StoredEvent;
import io.sqleventstore.sql.SqlEventStore;
import io.sqleventstore.sql.SqlSchema;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code eventstore demo}. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "Import the history of a git repository as events, replay them, rebuild the file tree from them and compare it with what git"
                    + " says.",
            "Entity 'file', its key the path; file-added, file-modified and file-deleted along the first-parent line."
        })
final class DemoCommand implements CommandLine.IExitCodeGenerator, Runnable {
    private static final int SHOWN_DIFFERENCES = 10;
    private static final int PROGRESS_EVERY = 200;

    @Mixin
    private Connect connect = new Connect();

    @Option(
            names = "--git",
            paramLabel = "DIR",
            description = "The repository; by default the checkout that this program was started from.")
    private @Nullable Path repository;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private int exitCode;

    @Override
    public void run() {
        Path folder =
                (repository == null ? home() : repository).toAbsolutePath().normalize();
        Git git = new Git(folder);
        String head = git.head();
        try (Connect.Database database = connect.isGiven() ? connect.open() : connect.open(ownFile(folder))) {
            SqlSchema.of(database.pool(), database.dialect(), database.options())
                    .install();
            EventStore store = SqlEventStore.open(database.pool(), database.dialect(), database.options());
            out().printf("repository   %s at %s%n", folder, head.substring(0, 12));
            out().printf(
                            "database     %s (%s)%n",
                            database.url(), database.dialect().name());
            exitCode = show(git, head, store, database.url());
            out().flush();
        }
    }

    private int show(Git git, String head, EventStore store, String url) {
        store.register(FileEvents.TYPE);
        Import job = new Import(store);
        Set<String> foreign = job.foreignTo(git.line(head));
        if (!foreign.isEmpty()) {
            out().printf(
                            "This store holds files of %d commit(s) that are not on this repository's line, such as %s.%n"
                                    + "Use another database (--url), or leave --url away: then each repository gets a file of its own.%n",
                            foreign.size(), foreign.iterator().next());
            return Main.FOUND_WRONG;
        }
        long begin = System.nanoTime();
        git.history(head, change -> {
            job.accept(change);
            progress(job.imported + job.known);
        });
        clearProgress();
        report("imported", job.imported, begin);
        if (job.known > 0) {
            out().printf("             %,d events were there already; nothing was stored twice%n", job.known);
        }
        return compare(git.tree(head), store, url);
    }

    private int compare(Map<String, String> expected, EventStore store, String url) {
        long begin = System.nanoTime();
        Map<String, String> tree = new HashMap<>();
        Set<Entity> files = new HashSet<>();
        long events = 0;
        for (Iterator<StoredEvent> all = replay(store); all.hasNext(); events++) {
            StoredEvent event = all.next();
            files.add(event.entity());
            FileEvents.apply(event, tree);
        }
        report("replayed", events, begin);
        out().printf("entities     %,d files in the history, %,d in the tree%n", files.size(), tree.size());
        boolean equal = tree.equals(expected);
        out().println("rebuilt tree equals git ls-tree: "
                + (equal ? ansi("@|bold,green yes|@") : ansi("@|bold,red no|@")));
        if (!equal) {
            differences(expected, tree);
            return Main.FOUND_WRONG;
        }
        out().printf(
                        "%nTry next:%n  ./eventstore verify --url '%s'%n  ./eventstore replay --url '%s' --entity file --limit 3%n"
                                + "  ./eventstore replay --url '%s' --event file-deleted --backwards --limit 3%n",
                        url, url, url);
        return 0;
    }

    private void differences(Map<String, String> expected, Map<String, String> tree) {
        Set<String> paths = new TreeSet<>(expected.keySet());
        paths.addAll(tree.keySet());
        paths.stream()
                .filter(path -> !Objects.equals(expected.get(path), tree.get(path)))
                .limit(SHOWN_DIFFERENCES)
                .forEach(path -> out().printf(
                                "  %s: git has %s, the events make %s%n", path, expected.get(path), tree.get(path)));
    }

    private static Iterator<StoredEvent> replay(EventStore store) {
        return store.replay(Selection.all().ofEntity(FileEvents.ENTITY)).iterator();
    }

    /** Stores changes, each once, whoever else imports the same history at the same time. */
    private static final class Import {
        private final EventStore store;
        private final Map<Entity, Head> heads = new HashMap<>();
        private final Set<String> keys = new HashSet<>();
        private final Set<String> commits = new HashSet<>();
        private long imported;
        private long known;

        Import(EventStore store) {
            this.store = store;
            for (Iterator<StoredEvent> all = replay(store); all.hasNext(); ) {
                StoredEvent event = all.next();
                heads.put(event.entity(), event.head());
                keys.add(event.appendKey());
                commits.add(FileEvents.property(event, "commit"));
            }
        }

        Set<String> foreignTo(Set<String> line) {
            commits.removeAll(line);
            return commits;
        }

        void accept(Git.Change change) {
            String key = FileEvents.appendKey(change);
            if (keys.contains(key)) {
                known++;
                return;
            }
            Entity file = FileEvents.entity(change.path());
            AppendResult result = append(change, key, heads.getOrDefault(file, Head.beforeFirst(file)));
            heads.put(file, result.head());
            imported += result.repeated() ? 0 : 1;
            known += result.repeated() ? 1 : 0;
        }

        private AppendResult append(Git.Change change, String key, Head after) {
            try {
                return store.append(after.append(FileEvents.event(change)).withKey(key));
            } catch (StaleAppend e) {
                // Another import has stored the file's events up to this change, and not this one: else the key would
                // have been known.
                return append(change, key, e.current());
            }
        }
    }

    private static Path home() {
        return Path.of(System.getProperty("eventstore.home", ""));
    }

    private static String ownFile(Path folder) {
        Path target = home().resolve("target").toAbsolutePath();
        try {
            Files.createDirectories(target);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return "jdbc:sqlite:" + target.resolve("demo-%08x.db".formatted(folder.hashCode()));
    }

    private void report(String what, long events, long begin) {
        double seconds = Math.max(1e-3, (System.nanoTime() - begin) / 1e9);
        out().printf("%-12s %,d events in %.1f s (%,.0f a second)%n", what, events, seconds, events / seconds);
    }

    private void progress(long events) {
        if (events % PROGRESS_EVERY == 0 && Boolean.getBoolean("eventstore.terminal")) {
            spec.commandLine().getErr().printf("\r%,d events …", events);
            spec.commandLine().getErr().flush();
        }
    }

    private void clearProgress() {
        if (Boolean.getBoolean("eventstore.terminal")) {
            spec.commandLine().getErr().print("\r\033[K");
            spec.commandLine().getErr().flush();
        }
    }

    private String ansi(String marked) {
        return spec.commandLine().getColorScheme().ansi().string(marked);
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    @Override
    public int getExitCode() {
        return exitCode;
    }
}
