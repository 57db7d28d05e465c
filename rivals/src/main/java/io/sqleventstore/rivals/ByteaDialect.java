package io.sqleventstore.rivals;

import java.sql.Types;
import org.hibernate.boot.model.TypeContributions;
import org.hibernate.dialect.DatabaseVersion;
import org.hibernate.dialect.PostgreSQLDialect;
import org.hibernate.service.ServiceRegistry;
import org.hibernate.type.SqlTypes;
import org.hibernate.type.descriptor.jdbc.BinaryJdbcType;

/** Payloads as bytea and not as large objects, as Axon's page on tuning has it. */
public final class ByteaDialect extends PostgreSQLDialect {
    private static final String BYTEA = "bytea";

    /** For Hibernate. */
    public ByteaDialect() {
        super(DatabaseVersion.make(14));
    }

    @Override
    protected String columnType(int type) {
        return type == SqlTypes.BLOB ? BYTEA : super.columnType(type);
    }

    @Override
    protected String castType(int type) {
        return type == SqlTypes.BLOB ? BYTEA : super.castType(type);
    }

    @Override
    public void contributeTypes(TypeContributions contributions, ServiceRegistry registry) {
        super.contributeTypes(contributions, registry);
        contributions.getTypeConfiguration().getJdbcTypeRegistry().addDescriptor(Types.BLOB, BinaryJdbcType.INSTANCE);
    }
}
