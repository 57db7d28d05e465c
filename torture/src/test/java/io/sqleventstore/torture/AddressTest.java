package io.sqleventstore.torture;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressTest {
    @ParameterizedTest
    @CsvSource({
        "jdbc:postgresql://db.example.com:5433/app?user=a, db.example.com, 5433, jdbc:postgresql://127.0.0.1:7/app?user=a",
        "jdbc:postgresql://127.0.0.1/app, 127.0.0.1, 5432, jdbc:postgresql://127.0.0.1:7/app",
        "jdbc:mysql://localhost/?user=a, localhost, 3306, jdbc:mysql://127.0.0.1:7/?user=a",
        "jdbc:mariadb://localhost:23310/test, localhost, 23310, jdbc:mariadb://127.0.0.1:7/test",
        "jdbc:sqlserver://db;databaseName=a;user=b, db, 1433, jdbc:sqlserver://127.0.0.1:7;databaseName=a;user=b",
        "jdbc:oracle:thin:scott/tiger@//db:1522/svc, db, 1522, jdbc:oracle:thin:scott/tiger@//127.0.0.1:7/svc",
        "jdbc:oracle:thin:scott/tiger@db:1521:sid, db, 1521, jdbc:oracle:thin:scott/tiger@127.0.0.1:7:sid"
    })
    void a_url_says_where_its_server_is(String url, String host, int port, String through) {
        assertThat(Address.of(url)).contains(new Address(host, port));
        assertThat(Address.through(url, 7)).isEqualTo(through);
    }

    @Test
    void a_file_has_no_server() {
        assertThat(Address.of("jdbc:sqlite:some//file.db")).isEmpty();
        assertThat(Timeouts.in("jdbc:sqlite:file.db")).isEqualTo("jdbc:sqlite:file.db");
    }

    @Test
    void timeouts_are_added_as_the_url_has_its_parameters() {
        assertThat(Timeouts.in("jdbc:mysql://h/")).startsWith("jdbc:mysql://h/?socketTimeout=");
        assertThat(Timeouts.in("jdbc:mysql://h/?user=a")).startsWith("jdbc:mysql://h/?user=a&socketTimeout=");
        assertThat(Timeouts.in("jdbc:sqlserver://h;user=a")).startsWith("jdbc:sqlserver://h;user=a;socketTimeout=");
    }
}
