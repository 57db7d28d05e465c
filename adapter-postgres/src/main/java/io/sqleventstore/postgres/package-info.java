/**
 * The event store in PostgreSQL 14 and later.
 *
 * <ul>
 *   <li>Positions come from an identity column with a cache of 1; a transaction that rolls back leaves a hole.
 *   <li>Data and metadata are {@code json}, which keeps the text to the byte; {@code jsonb} would rewrite it.
 *   <li>Names and keys have the collation {@code "C"}.
 *   <li>What a row may look like and refer to, and that none is changed or removed, is kept by triggers that also fire for who sets
 *       {@code session_replication_role}. The tables' owner can drop them; no schema can stop that.
 *   <li>Who inserts has to be allowed to read ledger and registry, as the shipped grants have it.
 *   <li>The schema must not be renamed: its trigger looks in the schema of that name. Restore whole dumps, schema and data together; a dump
 *       of the data alone is in no order that could be inserted ({@code eventstore export} is).
 *   <li>The store sets nothing in the session, so it works behind a pooler that shares sessions between transactions.
 * </ul>
 */
@NullMarked
package io.sqleventstore.postgres;

import org.jspecify.annotations.NullMarked;
