package io.sqleventstore.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.sqleventstore.conformance.Certificate;
import io.sqleventstore.conformance.Certificate.Outcome;
import io.sqleventstore.conformance.Certification;
import io.sqleventstore.conformance.TestDatabase;
import io.sqleventstore.sql.SqlSchema;
import io.sqleventstore.sql.StoreOptions;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** A run by whoever owns a database and may create roles, but is no superuser: what it leaves behind, which is nothing. */
class PostgresCertificationTest {
    private static final String NAME =
            "certified_" + UUID.randomUUID().toString().substring(0, 8);
    private static final String PASSWORD = "p&w %+1";

    private static TestDatabase database;
    private static String url;

    private final List<String> users = Collections.synchronizedList(new ArrayList<>());

    /** Remembers which users were created. */
    private final class Watched extends PostgresFixture {
        @Override
        protected String createUser(String user, String password) {
            users.add(user);
            return super.createUser(user, password);
        }
    }

    @BeforeAll
    static void createDatabase() throws Exception {
        database = PostgresConformanceTest.anyServer();
        url = database.jdbcUrl(new PostgresFixture()).replaceFirst("(?<=//)([^/]*/)[^?]*", "$1" + NAME);
        execute(
                database.jdbcUrl(new PostgresFixture()),
                "CREATE ROLE " + NAME + " LOGIN CREATEROLE PASSWORD '" + PASSWORD + "'",
                "CREATE DATABASE " + NAME,
                "ALTER DATABASE " + NAME + " OWNER TO " + NAME);
        execute(url, "CREATE SCHEMA precious", "CREATE TABLE precious.event (name text)");
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(url);
        SqlSchema.of(dataSource, new PostgresDialect(), StoreOptions.defaults()).install();
    }

    @AfterAll
    static void dropDatabase() throws Exception {
        execute(
                database.jdbcUrl(new PostgresFixture()),
                "DROP DATABASE " + NAME + " WITH (FORCE)", // the last session may still be on its way out
                "DROP ROLE " + NAME);
        database.close();
    }

    private Certification certification(Predicate<Method> tests) {
        String anonymous = url.replaceAll("(?<=[?&])(user|password)=[^&]*&?", "");
        return new Certification(new Watched(), anonymous, NAME, PASSWORD).only(tests);
    }

    @Test
    void aRunToItsEnd() throws Exception {
        List<String> before = tables();
        Certificate certificate = certification(
                        test -> test.getName().matches("IMM_.*|SEC_2_.*|TAIL_1_TAIL_2_writers_that_are_killed.*"))
                .run();
        assertThat(certificate.tests())
                .filteredOn(test -> test.outcome() == Outcome.PASSED)
                .hasSizeGreaterThan(5);
        assertThat(certificate.tests()).noneMatch(test -> test.outcome() == Outcome.FAILED);
        assertThat(certificate.certified()).isFalse();
        assertThat(certificate.reason()).contains("not tested: REG-1");
        assertNothingIsLeft(before);
    }

    @Test
    void aRunThatIsStopped() throws Exception {
        List<String> before = tables();
        Certification certification =
                certification(test -> test.getName().startsWith("TAIL_1_what_writers_in_four_processes"));
        CompletableFuture<Certificate> run = CompletableFuture.supplyAsync(certification::run);
        while (children() == 0) {
            assertThat(run)
                    .as("the run that should be writing in other processes")
                    .isNotDone();
            TimeUnit.MILLISECONDS.sleep(20);
        }
        assertThat(tables()).hasSizeGreaterThan(before.size());
        certification.stop();
        assertNothingIsLeft(before);
        assertThat(children()).isZero();
        assertThat(run.get(2, TimeUnit.MINUTES).certified()).isFalse();
        assertNothingIsLeft(before);
    }

    private static long children() {
        return ProcessHandle.current()
                .children()
                .filter(ProcessHandle::isAlive)
                .filter(child -> child.info().command().orElse("").endsWith("java"))
                .count();
    }

    private void assertNothingIsLeft(List<String> before) throws Exception {
        assertThat(tables()).isEqualTo(before);
        assertThat(users).isNotEmpty();
        assertThat(answers("SELECT rolname FROM pg_roles")).doesNotContainAnyElementsOf(users);
        assertThat(sessions()).isZero();
    }

    /** How many there are, after a moment if there are any: one that was closed may still be on its way out. */
    private static int sessions() throws Exception {
        for (int i = 0; ; i++) {
            int sessions = answers("SELECT pid FROM pg_stat_activity WHERE usename = '" + NAME + "'")
                    .size();
            if (sessions == 0 || i == 500) {
                return sessions;
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private static List<String> tables() throws SQLException {
        return answers(
                "SELECT nspname || '.' || coalesce(relname, '') FROM pg_namespace LEFT JOIN pg_class ON relnamespace ="
                        + " pg_namespace.oid WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema' ORDER BY 1");
    }

    private static List<String> answers(String query) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            List<String> answers = new ArrayList<>();
            while (rows.next()) {
                answers.add(rows.getString(1));
            }
            return answers;
        }
    }

    private static void execute(String where, String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection(where);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
