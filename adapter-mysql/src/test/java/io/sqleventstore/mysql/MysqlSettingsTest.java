package io.sqleventstore.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.sqleventstore.Entity;
import io.sqleventstore.EventStore;
import io.sqleventstore.Head;
import io.sqleventstore.NewEvent;
import io.sqleventstore.conformance.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

class MysqlSettingsTest extends HostileSettings {
    private static final int APPENDS = 10;

    MysqlSettingsTest() {
        super(new MysqlFixture());
    }

    @Override
    TestDatabase find() throws Exception {
        return MysqlConformanceTest.anyServer();
    }

    @Test
    void anAppendOfOneEventIsOneStatement() throws Exception {
        HikariDataSource one = (HikariDataSource) connect();
        one.setMaximumPoolSize(1);
        EventStore store = open(one);
        Head head = Head.beforeFirst(Entity.of("game", "one"));
        long before = statements(one);
        for (int i = 0; i < APPENDS; i++) {
            head = store.append(head.append(NewEvent.of("played", "{}"))).head();
        }
        assertThat(statements(one) - before - 1).as("with the one that counts").isEqualTo(APPENDS);
    }

    /** How many this session has sent. */
    private static long statements(DataSource one) throws SQLException {
        try (Connection connection = one.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW SESSION STATUS LIKE 'Questions'")) {
            row.next();
            return row.getLong(2);
        }
    }
}
