package io.sqleventstore.rivals;

import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import java.util.Objects;
import org.axonframework.common.jpa.EntityManagerProvider;
import org.axonframework.common.transaction.Transaction;
import org.axonframework.common.transaction.TransactionManager;
import org.jspecify.annotations.Nullable;

/** A transaction for each call of the engine, with an entity manager of its own, as Spring's would be. */
final class JpaTransactions implements TransactionManager, EntityManagerProvider {
    private final EntityManagerFactory factory;

    @SuppressWarnings("ThreadLocalUsage") // of this store; there are few in a JVM
    private final ThreadLocal<@Nullable EntityManager> current = new ThreadLocal<>();

    JpaTransactions(EntityManagerFactory factory) {
        this.factory = factory;
    }

    @Override
    public EntityManager getEntityManager() {
        return Objects.requireNonNull(current.get(), "There is no transaction.");
    }

    @Override
    public Transaction startTransaction() {
        EntityManager manager = factory.createEntityManager();
        manager.getTransaction().begin();
        current.set(manager);
        return new Transaction() {
            @Override
            public void commit() {
                try {
                    manager.getTransaction().commit();
                } finally {
                    end(manager);
                }
            }

            @Override
            public void rollback() {
                if (manager.isOpen()) {
                    try {
                        manager.getTransaction().rollback();
                    } finally {
                        end(manager);
                    }
                }
            }
        };
    }

    private void end(EntityManager manager) {
        current.remove();
        manager.close();
    }
}
