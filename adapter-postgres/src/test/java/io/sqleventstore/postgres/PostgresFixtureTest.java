package io.sqleventstore.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PostgresFixtureTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "true | PostgreSQL 18.6 on x86_64-pc-linux-gnu, compiled by gcc (Debian 12.2.0-14) 12.2.0, 64-bit",
                "true | PostgreSQL 17.5 (Ubuntu 17.5-1.pgdg24.04+1) on x86_64-pc-linux-gnu, compiled by gcc, 64-bit",
                "true | PostgreSQL 16.1, compiled by Visual C++ build 1937, 64-bit",
                "true | PostgreSQL 19beta1 on aarch64-unknown-linux-gnu, compiled by gcc, 64-bit",
                "false | PostgreSQL 15.2-YB-2.25.0.0-b0 on x86_64-pc-linux-gnu, compiled by clang, 64-bit",
                "false | PostgreSQL 9.4.24 (Greenplum Database 6.8.1 build commit:7118e8a) on x86_64-unknown-linux-gnu",
                "false | PostgreSQL 14.1 (EnterpriseDB Advanced Server 14.1.0) on x86_64-pc-linux-gnu",
                "false | PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC gcc (GCC) 3.4.2, Redshift 1.0.12103",
                "false | CockroachDB CCL v23.1.11 (x86_64-pc-linux-gnu, built 2023/09/27)"
            })
    void otherProductsAreNotTakenForPostgres(boolean genuine, String version) {
        assertThat(new PostgresFixture().isProduct(version)).isEqualTo(genuine);
    }
}
