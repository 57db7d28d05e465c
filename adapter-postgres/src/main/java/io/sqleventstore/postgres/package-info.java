/**
 * The event store in PostgreSQL 14 and later.
 *
 * <ul>
 *   <li>Positions come from an identity column with a cache of 1; a transaction that rolls back leaves a hole.
 *   <li>Data and metadata are {@code json}, which keeps the text to the byte; {@code jsonb} would rewrite it.
 *   <li>Names and keys have the collation {@code "C"}.
 *   <li>UPDATE, DELETE and TRUNCATE meet a statement trigger. A superuser's {@code session_replication_role = replica}
 *       switches triggers and foreign keys off, and the tables' owner can drop them; no schema can stop that.
 *   <li>The store sets nothing in the session, so it works behind a pooler that shares sessions between transactions.
 * </ul>
 */
@NullMarked
package io.sqleventstore.postgres;

import org.jspecify.annotations.NullMarked;
