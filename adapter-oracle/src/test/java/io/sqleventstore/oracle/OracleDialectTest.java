package io.sqleventstore.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqleventstore.sql.Dialect;
import io.sqleventstore.sql.Dialects;
import io.sqleventstore.sql.Fault;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import oracle.sql.NUMBER;
import oracle.sql.RAW;
import oracle.sql.TIMESTAMP;
import org.junit.jupiter.api.Test;

/** What can be known without a server: by the driver's own classes, and against the table in the documents. */
class OracleDialectTest {
    private static final Path PAGE = Path.of("..", "docs", "dialects", "oracle.md");
    private static final Pattern CODE = Pattern.compile(
            "(?m)^\\| \\[ORA-(\\d{5})]\\(https://docs\\.oracle\\.com/en/error-help/db/ora-(\\d{5})/\\) \\| (\\w+) \\|");

    private final Dialect dialect = new OracleDialect();

    @Test
    void it_is_found_on_the_class_path() {
        assertThat(Dialects.all()).hasOnlyElementsOfType(OracleDialect.class).hasSize(1);
    }

    @Test
    void it_serves_oracle_and_nothing_else() throws SQLException {
        assertThat(dialect.serves(server("Oracle"))).isTrue();
        for (String other : List.of("PostgreSQL", "MySQL", "Microsoft SQL Server", "H2", "Oracle Rdb", "OceanBase")) {
            assertThat(dialect.serves(server(other))).as(other).isFalse();
        }
    }

    private static DatabaseMetaData server(String product) {
        return proxy(DatabaseMetaData.class, (method, arguments) -> product);
    }

    @Test
    void its_driver_knows_the_urls_that_the_documents_show() throws SQLException {
        for (String url : List.of(
                "jdbc:oracle:thin:@//localhost:1521/FREEPDB1",
                "jdbc:oracle:thin:app/secret@//localhost:1521/FREEPDB1",
                "jdbc:oracle:thin:@tcps://db.example.com:2484/orders")) {
            assertThat(DriverManager.getDriver(url).getClass().getName())
                    .as(url)
                    .isEqualTo("oracle.jdbc.OracleDriver");
        }
    }

    @Test
    void the_suite_puts_its_users_into_the_urls() {
        OracleFixture fixture = new OracleFixture();
        assertThat(fixture.as("jdbc:oracle:thin:system/a-b@//host:1521/pdb", "es_1", "p"))
                .isEqualTo("jdbc:oracle:thin:es_1/p@//host:1521/pdb");
        assertThat(fixture.as("jdbc:oracle:thin:@host:1521/pdb", "es_1", "p"))
                .isEqualTo("jdbc:oracle:thin:es_1/p@host:1521/pdb");
    }

    @Test
    void an_id_is_sixteen_bytes_in_the_order_of_its_digits() throws SQLException {
        UUID id = UUID.fromString("0192f0c1-2345-7678-9abc-def012345678");
        RAW raw = new RAW((byte[]) dialect.bind(id));
        assertThat(raw.stringValue()).isEqualToIgnoringCase("0192f0c1234576789abcdef012345678");
        assertThat(dialect.id(proxy(ResultSet.class, (method, arguments) -> raw.getBytes()), 1))
                .isEqualTo(id);
    }

    @Test
    void a_time_is_read_as_utc_to_the_microsecond_in_every_time_zone() throws SQLException {
        TimeZone before = TimeZone.getDefault();
        try {
            for (String zone : List.of("UTC", "America/St_Johns", "Pacific/Kiritimati")) {
                TimeZone.setDefault(TimeZone.getTimeZone(zone));
                for (String time : List.of("2026-03-29T02:30:00.123456Z", "2026-10-25T01:59:59.999999Z")) {
                    TIMESTAMP stored = TIMESTAMP.of(LocalDateTime.parse(time.replace("Z", "")));
                    ResultSet row = proxy(ResultSet.class, (method, arguments) -> {
                        assertThat(arguments[1]).isEqualTo(LocalDateTime.class);
                        return TIMESTAMP.toLocalDateTime(stored.getBytes());
                    });
                    assertThat(dialect.instant(row, 1)).as(zone).isEqualTo(Instant.parse(time));
                    assertThat(dialect.bind(Instant.parse(time)))
                            .as(zone)
                            .isEqualTo(LocalDateTime.parse(time.replace("Z", "")));
                }
            }
        } finally {
            TimeZone.setDefault(before);
        }
    }

    @Test
    void the_highest_position_is_a_number_that_the_driver_reads_exactly() throws SQLException {
        long highest = 999_999_999_999_999_999L;
        assertThat(new NUMBER(highest).longValue()).isEqualTo(highest);
    }

    @Test
    void a_text_that_may_have_more_than_four_thousand_bytes_is_bound_as_a_lob() throws Exception {
        for (int length : new int[] {2, 1_000, 1_001, 32_766, 32_767, 100_000}) {
            String json = "[" + "\u20ac".repeat(length - 2) + "]";
            Map<String, String> calls = new TreeMap<>();
            dialect.bind(
                    proxy(PreparedStatement.class, (method, arguments) -> {
                        assertThat(arguments[0]).isEqualTo(7);
                        StringWriter text = new StringWriter();
                        if (arguments[1] instanceof Reader reader) {
                            reader.transferTo(text);
                        } else {
                            text.append((String) arguments[1]);
                        }
                        return calls.put(method + "/" + arguments.length, text.toString());
                    }),
                    7,
                    json);
            // with a length the driver would choose a stream, which has to be the last of a row
            assertThat(calls)
                    .as("" + length)
                    .isEqualTo(Map.of(length <= 1_000 ? "setString/2" : "setCharacterStream/2", json));
        }
    }

    @Test
    void the_codes_are_those_of_the_documents() throws IOException {
        Map<Integer, Fault> documented = new TreeMap<>();
        for (MatchResult row : CODE.matcher(Files.readString(PAGE)).results().toList()) {
            assertThat(row.group(2)).as("link of " + row.group(1)).isEqualTo(row.group(1));
            documented.put(Integer.parseInt(row.group(1)), Fault.valueOf(row.group(3)));
        }
        Map<Integer, Fault> known = new TreeMap<>();
        for (int code = 0; code < 100_000; code++) {
            Fault fault = dialect.fault(new SQLException("", "", code));
            if (fault != Fault.OTHER) {
                known.put(code, fault);
            }
        }
        assertThat(known).isEqualTo(documented).hasSizeGreaterThan(30);
    }

    @Test
    void what_is_there_already_is_known_by_its_code() {
        assertThat(dialect.isAlreadyThere(new SQLException("", "42000", 955))).isTrue();
        assertThat(dialect.isAlreadyThere(new SQLException("ORA-00955", "42000", 942)))
                .isFalse();
    }

    @Test
    void another_character_set_is_refused_before_anything_is_created() {
        List<String> asked = new ArrayList<>();
        Connection connection = answering("WE8MSWIN1252", asked);
        assertThatThrownBy(() -> dialect.beforeInstall(connection))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("AL32UTF8");
        assertThat(asked).singleElement().asString().contains("nls_database_parameters");
    }

    @Test
    void a_schema_whose_texts_are_not_compared_exactly_is_refused_before_anything_is_created() {
        List<String> asked = new ArrayList<>();
        assertThatThrownBy(() -> dialect.beforeInstall(answering("AL32UTF8", asked)))
                .hasMessageContaining("default collation");
        assertThat(asked).hasSize(2).last().asString().contains("default_collation");
    }

    @Test
    void a_missing_right_is_known_by_its_code_in_every_release() {
        for (int code : new int[] {942, 1031, 41900}) {
            assertThat(dialect.lacksRights(new SQLException("", "99999", code))).isTrue();
        }
        assertThat(dialect.lacksRights(new SQLException("append-only", "72000", 20001)))
                .isFalse();
    }

    @Test
    void a_joined_session_that_compares_otherwise_is_refused() throws SQLException {
        List<String> asked = new ArrayList<>();
        assertThatThrownBy(() -> dialect.checkSession(answering("LINGUISTIC", asked)))
                .hasMessageContaining("NLS_COMP = BINARY");
        dialect.checkSession(answering("BINARY", asked));
        assertThat(asked).hasSize(2).allMatch(query -> query.contains("nls_session_parameters"));
    }

    /** A connection whose queries are all answered by that text. */
    private static Connection answering(String text, List<String> asked) {
        ResultSet row = proxy(
                ResultSet.class,
                (method, arguments) -> method.equals("getString") ? text : method.equals("next") ? true : null);
        Statement statement = proxy(Statement.class, (method, arguments) -> {
            if (method.equals("executeQuery")) {
                asked.add((String) arguments[0]);
                return row;
            }
            return null;
        });
        return proxy(Connection.class, (method, arguments) -> statement);
    }

    private interface Answer {
        Object of(String method, Object[] arguments) throws Throwable;
    }

    private static <T> T proxy(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> answer.of(method.getName(), arguments)));
    }
}
