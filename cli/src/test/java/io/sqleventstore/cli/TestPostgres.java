package io.sqleventstore.cli;

import io.sqleventstore.conformance.TestDatabase;
import io.sqleventstore.postgres.PostgresFixture;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** A schema of its own on a real PostgreSQL, wherever the adapter's tests find one; without one the test fails. */
final class TestPostgres implements AutoCloseable {
    private final TestDatabase server;
    private final String schema;
    private final List<String> options = new ArrayList<>();

    TestPostgres(Path temp) throws Exception {
        server = TestDatabase.find("postgres", "postgres:17", PostgreSQLContainer::new, TestPostgres::embedded);
        schema = "cli_" + UUID.randomUUID().toString().substring(0, 8);
        Run.sql(server.jdbcUrl(new PostgresFixture()), "CREATE SCHEMA " + schema);
        String url = server.jdbcUrl(new PostgresFixture());
        options.addAll(List.of("--url", url.replaceAll("(?<=[?&])(user|password)=[^&]*&?", "")));
        options.addAll(List.of("--user", parameter(url, "user"), "--schema", schema));
        Path password = temp.resolve(schema + ".password");
        Files.writeString(password, parameter(url, "password") + "\n");
        options.addAll(List.of("--password-file", password.toString()));
    }

    private static TestDatabase.Embedded embedded() throws IOException {
        EmbeddedPostgres server = EmbeddedPostgres.start();
        return new TestDatabase.Embedded(server.getJdbcUrl("postgres", "postgres"), server);
    }

    private static String parameter(String url, String name) {
        Matcher matcher = Pattern.compile("[?&]" + name + "=([^&]*)").matcher(url);
        return matcher.find() ? matcher.group(1) : "";
    }

    /** The options that say which database and place it is. */
    List<String> options() {
        return options;
    }

    String schema() {
        return schema;
    }

    /** With credentials, for JDBC. */
    String jdbcUrl() {
        return server.jdbcUrl(new PostgresFixture());
    }

    @Override
    public void close() throws IOException {
        Run.sql(server.jdbcUrl(new PostgresFixture()), "DROP SCHEMA " + schema + " CASCADE");
        server.close();
    }
}
