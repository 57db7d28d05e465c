package io.sqleventstore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands in docs/cli.md do what it says, in its order. */
class CliDocTest {
    private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

    @TempDir
    private Path temp;

    private static String page() throws IOException {
        return Files.readString(Path.of("..", "docs", "cli.md"));
    }

    private static List<String> blocks(String language) throws IOException {
        return Pattern.compile("```" + language + "\\n(.*?)```", Pattern.DOTALL)
                .matcher(page())
                .results()
                .map(block -> block.group(1))
                .toList();
    }

    @Test
    void everyCommandOfThePageRuns() throws IOException {
        Files.writeString(temp.resolve("events.jsonl"), blocks("jsonl").get(0));
        List<String> commands = blocks("sh").stream()
                .flatMap(String::lines)
                .filter(line -> line.startsWith("eventstore "))
                .toList();
        assertThat(commands).hasSizeGreaterThan(20);
        for (String command : commands) {
            Run run = Run.of(arguments(command));
            assertThat(run.exitCode()).as(command + "\n" + run.err()).isZero();
        }
        Run verify = Run.of("verify", "--url", "jdbc:sqlite:" + temp.resolve("second.db"));
        assertThat(verify.out()).contains("clean: 5 events of 3 entities");
    }

    private String[] arguments(String command) {
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(command.substring("eventstore ".length()));
        while (matcher.find()) {
            String word = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
            words.add(
                    word.matches("[a-z]+\\.(jsonl|cursor)")
                            ? temp.resolve(word).toString()
                            : word.replace("jdbc:sqlite:", "jdbc:sqlite:" + temp + "/"));
        }
        boolean needsNone = words.contains("--url") || words.contains("print") || words.contains("--check");
        if (!needsNone) {
            words.addAll(List.of("--url", "jdbc:sqlite:" + temp.resolve("events.db")));
        }
        return words.toArray(String[]::new);
    }

    @Test
    void everyCommandIsOnThePage() throws IOException {
        Run help = Run.of("--help");
        List<String> names = Pattern.compile("^  ([a-z-]+)  ", Pattern.MULTILINE)
                .matcher(help.out().substring(help.out().indexOf("Commands:")))
                .results()
                .map(name -> name.group(1))
                .toList();
        assertThat(names).hasSizeGreaterThan(9).contains("append", "generate-completion");
        String page = page();
        assertThat(names).allSatisfy(name -> assertThat(page).contains("eventstore " + name));
    }
}
