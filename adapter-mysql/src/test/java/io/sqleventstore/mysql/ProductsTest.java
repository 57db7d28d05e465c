package io.sqleventstore.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProductsTest {
    @ParameterizedTest
    @CsvSource({
        "9.7.4 MySQL Community Server - GPL, true, false",
        "9.7.4-2 (Debian), true, false",
        "11.8.9-MariaDB-0+deb13u1 from Debian, false, true",
        "8.0.36-28 Percona Server (GPL), false, false",
        "8.0.11-TiDB-v7.5.0 TiDB Server (Apache License 2.0), false, false"
    })
    void otherProductsAreNotTakenForEither(String version, boolean mysql, boolean mariadb) {
        assertThat(new MysqlFixture().isProduct(version)).isEqualTo(mysql);
        assertThat(new MariadbFixture().isProduct(version)).isEqualTo(mariadb);
    }
}
