package io.sqleventstore.lies;

import static io.sqleventstore.lies.On.POSTGRES;
import static io.sqleventstore.lies.On.SQLITE;

import io.sqleventstore.sql.Fault;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;

/** Stores whose schema, SQL, dialect or driver lies. */
final class LyingDatabases {
    private static final String NO_CHANGE =
            "CREATE TRIGGER {n}event_ledger_no_change BEFORE UPDATE OR DELETE OR TRUNCATE";

    private LyingDatabases() {}

    static List<Lie> all() {
        return List.of(
                Lie.on(SQLITE, "names in any case")
                        .sql(
                                "schema",
                                "entity_key     TEXT    NOT NULL",
                                "entity_key     TEXT    NOT NULL COLLATE NOCASE"),
                Lie.on(POSTGRES, "keys brought into a normal form")
                        .sql("append", "(CAST(? AS uuid), ?, ?,", "(CAST(? AS uuid), ?, normalize(?),"),
                Lie.on(POSTGRES, "positions kept in each session").sql("schema", "(CACHE 1)", "(CACHE 20)"),
                Lie.on(POSTGRES, "history that begins anywhere")
                        .sql(
                                "schema",
                                "(NEW.revision OPERATOR(pg_catalog.<>) 1) AND below IS NULL",
                                "NEW.previous_id IS NOT NULL AND below IS NULL")
                        .sql(
                                "schema",
                                "(NEW.revision OPERATOR(pg_catalog.=) 1) AND NEW.prior_revision IS NULL AND NEW.previous_id IS NULL",
                                "NEW.previous_id IS NULL")
                        .sql(
                                "schema",
                                "NEW.revision OPERATOR(pg_catalog.=) (NEW.prior_revision OPERATOR(pg_catalog.+) 1)",
                                "true"),
                Lie.on(POSTGRES, "UPDATE ignored in silence")
                        .sql(
                                "schema",
                                "RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'object_not_in_prerequisite_state';",
                                "RETURN NULL;")
                        .sql(
                                "schema",
                                "FOR EACH STATEMENT EXECUTE FUNCTION {p}event_ledger_refuse",
                                "FOR EACH ROW EXECUTE FUNCTION {p}event_ledger_refuse")
                        .sql("schema", "BEFORE UPDATE OR DELETE OR TRUNCATE", "BEFORE UPDATE OR DELETE"),
                Lie.on(SQLITE, "DELETE ignored in silence")
                        .sql("schema", "RAISE(ABORT, 'event_ledger is append-only: DELETE refused')", "RAISE(IGNORE)"),
                Lie.on(POSTGRES, "TRUNCATE allowed").sql("schema", NO_CHANGE, NO_CHANGE.replace(" OR TRUNCATE", "")),
                Lie.on(POSTGRES, "void beside an event")
                        .sql("schema", "CONSTRAINT {n}event_ledger_pk PRIMARY KEY (position),", ""),
                Lie.on(POSTGRES, "each statement commits itself")
                        .dialect("begin", (honest, method, arguments) -> null)
                        .dialect(
                                "commit",
                                (honest, method, arguments) -> ((Connection) arguments[0]).getAutoCommit()
                                        ? null
                                        : method.invoke(honest, arguments))
                        .dialect(
                                "rollback",
                                (honest, method, arguments) -> ((Connection) arguments[0]).getAutoCommit()
                                        ? null
                                        : method.invoke(honest, arguments)),
                Lie.on(SQLITE, "rollback that commits").dialect("rollback", (honest, method, arguments) -> {
                    try (Statement statement = ((Connection) arguments[0]).createStatement()) {
                        statement.execute("COMMIT");
                    }
                    return null;
                }),
                Lie.on(POSTGRES, "caller's transaction committed")
                        .connection("releaseSavepoint", (honest, method, arguments) -> {
                            honest.commit();
                            return null;
                        }),
                Lie.on(POSTGRES, "JSON rewritten")
                        .sql("schema", "event_ledger_document AS json", "event_ledger_document AS jsonb")
                        .sql("schema", "json_typeof(VALUE)", "jsonb_typeof(VALUE)")
                        .sql("append", "CAST(? AS json), CAST(? AS json)", "CAST(? AS jsonb), CAST(? AS jsonb)")
                        .sql("fence", "CAST('[]' AS json)", "CAST('[]' AS jsonb)"),
                Lie.on(POSTGRES, "time in whole seconds")
                        .sql("schema", "recorded_at    timestamptz ", "recorded_at    timestamptz(0) "),
                Lie.on(POSTGRES, "deadlock taken for final").dialect("fault", (honest, method, arguments) -> {
                    Object fault = method.invoke(honest, arguments);
                    return fault == Fault.RETRYABLE ? Fault.OTHER : fault;
                }),
                Lie.on(POSTGRES, "reader may append")
                        .sql(
                                "grants",
                                "GRANT INSERT ON {p}event_registry, {p}event_ledger TO {appender}",
                                "GRANT INSERT ON {p}event_registry, {p}event_ledger TO {appender}, {reader}")
                        .sql(
                                "grants",
                                "GRANT USAGE ON {p}event_ledger_position_seq TO {appender}",
                                "GRANT USAGE ON {p}event_ledger_position_seq TO {appender}, {reader}"),
                Lie.on(POSTGRES, "follower may append")
                        .sql("schema", "WHERE entity = '~void'\nWITH LOCAL CHECK OPTION", "WHERE entity = '~void'"));
    }
}
