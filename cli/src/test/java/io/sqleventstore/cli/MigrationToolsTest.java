package io.sqleventstore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.sqleventstore.Entity;
import io.sqleventstore.EntityType;
import io.sqleventstore.Head;
import io.sqleventstore.NewEvent;
import io.sqleventstore.sql.SqlEventStore;
import io.sqleventstore.sql.SqlSchema;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.Map;
import liquibase.Liquibase;
import liquibase.database.DatabaseFactory;
import liquibase.database.jvm.JdbcConnection;
import liquibase.resource.DirectoryResourceAccessor;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code schema print} prints is run by migration tools as docs/cli.md says: version 1, and then its upgrade. */
class MigrationToolsTest {
    private static final Path PAGE = Path.of("..", "docs", "cli.md");
    private static final Entity GAME = Entity.of("game", "apr-7");

    @TempDir
    private Path temp;

    /** Brings a database to that version, by scripts in a folder. */
    private interface Tool {
        void migrateTo(int version, String url, Path folder) throws Exception;
    }

    private static final Map<String, Tool> TOOLS =
            Map.of("flyway", MigrationToolsTest::flyway, "liquibase", MigrationToolsTest::liquibase);

    private static void flyway(int version, String url, Path folder) {
        Flyway.configure()
                .dataSource(url, null, null)
                .locations("filesystem:" + folder)
                .target(String.valueOf(version))
                .load()
                .migrate();
    }

    private static void liquibase(int version, String url, Path folder) throws Exception {
        System.setProperty("liquibase.analytics.enabled", "false"); // it would call its maker
        try (Connection connection = DriverManager.getConnection(url);
                Liquibase liquibase = new Liquibase(
                        "changelog.xml",
                        new DirectoryResourceAccessor(folder),
                        DatabaseFactory.getInstance()
                                .findCorrectDatabaseImplementation(new JdbcConnection(connection)))) {
            liquibase.update(version, "");
        }
    }

    private static final String CHANGELOG = """
            <databaseChangeLog xmlns="http://www.liquibase.org/xml/ns/dbchangelog"
                xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
                xsi:schemaLocation="http://www.liquibase.org/xml/ns/dbchangelog http://www.liquibase.org/xml/ns/dbchangelog/dbchangelog-latest.xsd">
              <changeSet id="event store 1" author="app">%s</changeSet>
              <changeSet id="event store 2" author="app">%s</changeSet>
            </databaseChangeLog>
            """;

    @Test
    void onSqlite() throws Exception {
        for (String tool : TOOLS.keySet()) {
            check(tool, "sqlite", "jdbc:sqlite:" + temp.resolve(tool + ".db"));
        }
    }

    @Test
    void onPostgres() throws Exception {
        for (String tool : TOOLS.keySet()) {
            try (TestPostgres postgres = new TestPostgres(temp)) {
                String url = postgres.jdbcUrl();
                check(tool, "postgres", url + (url.contains("?") ? "&" : "?") + "currentSchema=" + postgres.schema());
            }
        }
    }

    @Test
    void onMysql() throws Exception {
        for (String tool : TOOLS.keySet()) {
            TestInnoDb.onMysql(url -> check(tool, "mysql", url));
        }
    }

    @Test
    void onMariadb() throws Exception {
        for (String tool : TOOLS.keySet()) {
            TestInnoDb.onMariadb(url -> check(tool, "mariadb", url));
        }
    }

    private void check(String tool, String dialect, String url) throws Exception {
        String sqlFile = Run.read(PAGE)
                .lines()
                .filter(line -> line.startsWith("<sqlFile "))
                .findFirst()
                .orElseThrow();
        Path folder = Files.createDirectory(temp.resolve(tool + "-" + dialect));
        String whole = print("--dialect", dialect);
        String upgrade = print("--dialect", dialect, "--from-version", "1");
        assertThat(whole).endsWith(upgrade);
        Files.writeString(folder.resolve("V1__event_store.sql"), whole.substring(0, whole.length() - upgrade.length()));
        Files.writeString(folder.resolve("V2__event_store_2.sql"), upgrade);
        Files.writeString(
                folder.resolve("changelog.xml"),
                CHANGELOG.formatted(sqlFile.replace("_2", "").replace("V2", "V1"), sqlFile));

        Tool migrations = TOOLS.get(tool);
        try (HikariDataSource pool = new HikariDataSource()) {
            pool.setJdbcUrl(url);
            migrations.migrateTo(1, url, folder);
            assertThat(SqlSchema.of(pool).status().found()).isEqualTo(1);
            migrations.migrateTo(2, url, folder);
            migrations.migrateTo(2, url, folder);
            SqlEventStore store = SqlEventStore.open(pool);
            store.register(EntityType.of("game", "started"));
            store.append(Head.beforeFirst(GAME).append(NewEvent.of("started", "{}")));
            assertThat(store.replay(GAME).events()).hasSize(1);
            assertThat(store.verify().clean()).isTrue();
        }
    }

    private static String print(String... options) {
        String[] arguments = new String[options.length + 2];
        arguments[0] = "schema";
        arguments[1] = "print";
        System.arraycopy(options, 0, arguments, 2, options.length);
        Run run = Run.of(arguments);
        assertThat(run.exitCode()).as(run.err()).isZero();
        return run.out();
    }
}
