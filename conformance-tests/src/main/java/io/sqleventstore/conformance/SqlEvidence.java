package io.sqleventstore.conformance;

import io.sqleventstore.sql.Dialect;
import io.sqleventstore.sql.DialectStatements;
import io.sqleventstore.sql.StoreOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Every statement that a dialect can send, those of its SQL files and those of its class, for a grammar to check or a person to read where
 * there is no server at hand. It is evidence that the statements are well-formed, and no evidence that they do what they should.
 */
public final class SqlEvidence {
    private static final List<StoreOptions> PLACES = List.of(
            StoreOptions.defaults(),
            StoreOptions.defaults().withSchema("events").withPrefix("shop_"));

    private final Dialect dialect;
    private final Map<String, String> statements = new LinkedHashMap<>();

    private SqlEvidence(Dialect dialect) {
        this.dialect = dialect;
    }

    /**
     * {@return the statements by a name that is also that of the file which {@link #write} makes of it: those of the SQL files in the
     * default schema ({@code plain-…}) and in a schema of their own with a prefix ({@code placed-…}), and those of the class ({@code
     * class-…})}
     *
     * @param dialect whose statements are asked for
     * @throws IllegalArgumentException if the dialect lacks an operation's file, has one that nobody uses, or leaves a placeholder unfilled
     */
    public static Map<String, String> of(Dialect dialect) {
        SqlEvidence evidence = new SqlEvidence(dialect);
        evidence.refuseStrayFiles();
        evidence.addFiles("plain-", PLACES.get(0));
        evidence.addFiles("placed-", PLACES.get(1));
        evidence.addClass();
        return Collections.unmodifiableMap(evidence.statements);
    }

    /**
     * Writes each statement to {@code <name>.sql} in that folder, over those of an earlier run.
     *
     * @param statements the statements by name, as {@link #of} tells them
     * @param folder created if it is not there; its other SQL files are removed
     * @throws IOException if a file can't be written
     */
    public static void write(Map<String, String> statements, Path folder) throws IOException {
        Files.createDirectories(folder);
        try (Stream<Path> earlier = Files.list(folder)) {
            for (Path file : earlier.filter(SqlEvidence::isSql).toList()) {
                Files.delete(file);
            }
        }
        for (Map.Entry<String, String> statement : statements.entrySet()) {
            byte[] text = (statement.getValue() + "\n").getBytes(StandardCharsets.UTF_8);
            Files.write(folder.resolve(statement.getKey() + ".sql"), text);
        }
    }

    /** A file whose name is misspelt would be passed over in silence, and the shared one sent instead. */
    private void refuseStrayFiles() {
        Set<String> strays = files().collect(Collectors.toCollection(TreeSet::new));
        DialectStatements.operations().forEach(operation -> strays.remove(operation + ".sql"));
        if (!strays.isEmpty()) {
            throw new IllegalArgumentException("No operation uses " + strays + " beside "
                    + dialect.getClass().getName() + ".");
        }
    }

    private Stream<String> files() {
        try {
            URI schema = Objects.requireNonNull(dialect.getClass().getResource("schema.sql"))
                    .toURI();
            if (!schema.getScheme().equals("jar")) {
                return sqlFiles(Path.of(schema));
            }
            try (FileSystem jar = FileSystems.newFileSystem(schema, Map.of())) {
                return sqlFiles(jar.provider().getPath(schema));
            }
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<String> sqlFiles(Path one) throws IOException {
        try (Stream<Path> all = Files.list(one.toAbsolutePath().getParent())) {
            return all.filter(SqlEvidence::isSql).map(file -> file.getFileName().toString()).toList().stream();
        }
    }

    private static boolean isSql(Path file) {
        return file.toString().endsWith(".sql");
    }

    private void addFiles(String kind, StoreOptions options) {
        DialectStatements.of(dialect, options).forEach((name, sql) -> {
            if (sql.contains("{")) {
                throw new IllegalArgumentException("A placeholder of " + name + " is not filled: " + sql);
            }
            statements.put(kind + name, sql);
        });
    }

    private void addClass() {
        addSent("prepare", dialect::prepare);
        addSent("before-install", dialect::beforeInstall);
        addSent("check-session", dialect::checkSession);
        addSent("old-state", dialect::showsAnOldState);
        addSent("begin-read", connection -> dialect.begin(connection, false));
        addSent("begin-write", connection -> dialect.begin(connection, true));
        addSent("begin-brief", connection -> dialect.beginBrief(connection, 100));
        addSent("end-brief", dialect::endBrief);
        addSent("commit", dialect::commit);
        addSent("rollback", dialect::rollback);
    }

    /** What a method of the class sends, whatever its queries are answered. */
    private void addSent(String method, RecordingConnection.Use use) {
        Set<String> sent = new LinkedHashSet<>();
        for (int answer : new int[] {0, 1, 16_384, -1}) {
            sent.addAll(new RecordingConnection(answer).sentBy(use));
        }
        int number = 0;
        for (String sql : sent) {
            statements.put("class-%s-%d".formatted(method, ++number), sql);
        }
    }
}
