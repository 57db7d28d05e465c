package io.sqleventstore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's Java code compiles and runs as it stands there, but for the URLs. */
class ReadmeTest {
    private static final Pattern CODE = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);
    private static final String URL = "jdbc:postgresql://localhost/app?user=app&password=app";

    @TempDir
    Path temp;

    private static List<String> blocks() throws IOException {
        String readme = Files.readString(Path.of("..", "README.md"));
        return CODE.matcher(readme)
                .results()
                .map(MatchResult::group)
                .map(block -> block.substring(8, block.length() - 3))
                .toList();
    }

    @Test
    void theFirstScreenStoresAnEvent() throws Exception {
        String code = blocks().get(0);
        assertThat(code.lines().filter(line -> !line.isBlank()).count()).isLessThanOrEqualTo(10);
        run("First", code.replace("jdbc:sqlite:games.db", "jdbc:sqlite:" + temp.resolve("games.db")));
        assertThat(Json.lines(Run.of("replay", "--url", "jdbc:sqlite:" + temp.resolve("games.db"))
                        .out()))
                .hasSize(1);
    }

    @Test
    void theLinesForPostgresAppendAndReplay() throws Exception {
        String code = blocks().get(1);
        try (TestPostgres postgres = new TestPostgres(temp)) {
            String url = postgres.jdbcUrl();
            String ours = url + (url.contains("?") ? "&" : "?") + "currentSchema=" + postgres.schema();
            String replaced = code.replace(URL, ours);
            assertThat(replaced).isNotEqualTo(code);
            run("OnPostgres", replaced);
            List<String> replay = new ArrayList<>(List.of("replay"));
            replay.addAll(postgres.options());
            assertThat(Json.lines(Run.of(replay.toArray(new String[0])).out())).hasSize(1);
        }
    }

    @Test
    void theLinesThatFollowTheLedgerCompile() throws Exception {
        compile(
                "Follow",
                "EventStore store = null; Cursor cursor = Cursor.START;\n"
                        + "java.util.function.Consumer<StoredEvent> projection = event -> {};\n" + blocks().get(2));
    }

    private void run(String name, String code) throws Exception {
        compile(name, code);
        try (URLClassLoader loader = new URLClassLoader(
                new java.net.URL[] {temp.toUri().toURL()}, getClass().getClassLoader())) {
            loader.loadClass(name).getMethod("run").invoke(null);
        }
    }

    private void compile(String name, String code) throws IOException {
        Path source = temp.resolve(name + ".java");
        Files.writeString(source, """
                import io.sqleventstore.*;
                import io.sqleventstore.sql.*;
                import java.time.Duration;
                import org.postgresql.ds.PGSimpleDataSource;
                import org.sqlite.SQLiteDataSource;

                public class %s {
                    public static void run() throws Exception {
                        %s
                    }
                }
                """.formatted(name, code));
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        int result = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-proc:none", "-cp", classPath, "-d", temp.toString(), source.toString());
        assertThat(result).as(code).isZero();
    }
}
