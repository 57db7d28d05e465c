package io.sqleventstore.cli;

import io.sqleventstore.EventStore;
import io.sqleventstore.Selection;
import io.sqleventstore.sql.SqlEventStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows the store at work on the history of a git repository, and lets git itself judge the outcome. */
@Command(
        name = "demo",
        description = {
            "Import the history of a git repository as events, one for each file that a commit touched; replay them; rebuild the"
                    + " tree from the replay and compare it with git's own.",
            "Without --url the events go to a SQLite file below target/, one for each repository. Repeat it, or run it several"
                    + " times at once: every event is stored once."
        })
final class DemoCommand implements Callable<Integer> {
    private static final int DIFFERENCES_SHOWN = 10;
    private static final int SHORT_ID = 10;
    private static final Selection FILES = Selection.all().ofEntity(GitPath.ENTITY);

    private final Output output;
    private final Facts facts = new Facts();

    @Mixin
    private final Database database = new Database();

    @Option(
            names = "--git",
            paramLabel = "DIR",
            description =
                    "The git repository, or a directory in it; by default the one that this command was built from.")
    private @Nullable Path git;

    DemoCommand(Output output) {
        this.output = output;
    }

    @Override
    public Integer call() {
        Path directory = (git == null ? home() : git).toAbsolutePath().normalize();
        GitRepository repository = GitRepository.at(directory);
        String head = repository.head();
        List<String> line = repository.line(head);
        String url = database.url() == null ? defaultUrl(line.get(0)) : database.url();
        output.line(
                "Repository %s at commit %s; commits by first parents: %,d", directory, shortened(head), line.size());
        output.line("Database   %s", Database.withoutPassword(url));
        facts.and("commit", head);
        facts.and("commits", line.size());
        facts.and("database", Database.withoutPassword(url));
        try (OpenDatabase open = database.create(url)) {
            open.schema().install();
            SqlEventStore store = open.store();
            refuseForeign(store, line.get(0));
            store.register(FileEvents.TYPE);
            importChanges(new Appender(open, store, (intent, refusal) -> refusal), repository, line);
            return judge(store, repository, line, url);
        }
    }

    /** The checkout that the launcher belongs to. */
    private static Path home() {
        return Path.of(System.getProperty("eventstore.home", ""));
    }

    private static String defaultUrl(String root) {
        Path target = home().toAbsolutePath().resolve("target");
        try {
            Files.createDirectories(target);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The folder " + target + " can't be made; say by --url where the events go.", e);
        }
        return "jdbc:sqlite:" + target.resolve("demo-" + shortened(root) + ".db");
    }

    /** Before anything is written: whose files are these? */
    private static void refuseForeign(EventStore store, String root) {
        store.replay(FILES.limit(1))
                .filter(first -> !root.equals(FileEvents.root(first)))
                .findAny()
                .ifPresent(first -> {
                    throw foreign(root);
                });
    }

    private static Failure foreign(String root) {
        return new Failure(
                ExitCode.FOUND_WRONG,
                "The database holds events of entity 'file' that are not from this repository (first commit %s); give each repository a database of its own by --url, or leave --url out."
                        .formatted(shortened(root)));
    }

    private void importChanges(Appender appender, GitRepository repository, List<String> line) {
        Stopwatch watch = new Stopwatch();
        try (Progress progress = Progress.start(output, "Import", " commits", line.size())) {
            Commits commits = new Commits(progress);
            repository.changes(line.get(line.size() - 1), change -> {
                commits.passing(change.commit());
                appender.add(FileEvents.intent(change, line.get(0)));
            });
        }
        appender.flush();
        output.line(
                "Import     %,d new events, %,d were there already; %s",
                appender.added(), appender.repeated(), watch.rate(appender.added() + appender.repeated()));
        facts.and("added", appender.added());
        facts.and("repeated", appender.repeated());
    }

    private int judge(EventStore store, GitRepository repository, List<String> line, String url) {
        Stopwatch watch = new Stopwatch();
        RebuiltTree rebuilt = new RebuiltTree(line);
        store.replay(FILES).forEach(rebuilt::apply);
        if (rebuilt.foreign() > 0) {
            throw foreign(line.get(0));
        }
        output.line(
                "Replay     %,d events of %,d entities; %s",
                rebuilt.events(), rebuilt.entities(), watch.rate(rebuilt.events()));
        List<String> differences = rebuilt.differences(repository.tree(line.get(line.size() - 1)));
        boolean equal = differences.isEmpty();
        facts.and("replayed", rebuilt.events());
        facts.and("entities", rebuilt.entities());
        facts.and("equal", equal);
        facts.and("differences", differences.size());
        output.result(facts);
        output.line(
                "%s",
                output.styled(
                        equal ? "fg(green)" : "fg(red)", "rebuilt tree equals git ls-tree: " + (equal ? "yes" : "no")));
        if (equal) {
            printNextCommands(rebuilt, Database.withoutPassword(url));
            return ExitCode.OK;
        }
        differences.stream().limit(DIFFERENCES_SHOWN).forEach(difference -> output.line("  %s", difference));
        output.line("  %,d paths differ", differences.size());
        return ExitCode.FOUND_WRONG;
    }

    private void printNextCommands(RebuiltTree rebuilt, String url) {
        GitPath readme = GitPath.ofText("README.md");
        GitPath known = rebuilt.leaves().isEmpty() || rebuilt.leaves().containsKey(readme)
                ? readme
                : rebuilt.leaves().firstKey();
        String quoted = quoted(url);
        output.line("%nTry next:");
        output.line("  ./eventstore replay --url %s --entity file --limit 5", quoted);
        output.line(
                "  ./eventstore replay --url %s --entity file --key %s",
                quoted, quoted(known.entity().key()));
        output.line("  ./eventstore verify --url %s", quoted);
    }

    /** As one word for a POSIX shell. */
    private static String quoted(String word) {
        return word.matches("[\\w./:@%+=,-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    private static String shortened(String id) {
        return id.substring(0, SHORT_ID);
    }

    /** Moves the bar when a change is the first of its commit. */
    private static final class Commits {
        private final Progress progress;
        private String current = "";

        Commits(Progress progress) {
            this.progress = progress;
        }

        void passing(String commit) {
            if (!commit.equals(current)) {
                current = commit;
                progress.step(1);
            }
        }
    }
}
