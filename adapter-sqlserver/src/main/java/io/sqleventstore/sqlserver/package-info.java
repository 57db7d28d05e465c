/**
 * The event store in SQL Server 2019 and later and in Azure SQL, with Microsoft's JDBC driver.
 *
 * <ul>
 *   <li>Positions come from a sequence with a cache of 100, shared by all sessions; a transaction that rolls back leaves a hole, a crash one of a
 *       hundred at most. The rows of an append are inserted from a query with ORDER BY, which is the order they draw in.
 *   <li>Data and metadata are {@code NVARCHAR(MAX)} with an {@code ISJSON} check: the type {@code json} of 2025 rewrites the text.
 *   <li>Names and keys are {@code NVARCHAR} with a binary collation, and are always sent as such, whatever {@code
 *       sendStringParametersAsUnicode} says. SQL Server takes texts that differ in blanks at the end for equal; such blanks are refused.
 *   <li>Ids are {@code BINARY(16)}: {@code UNIQUEIDENTIFIER} sorts by its last bytes first, which would scatter time-ordered ids.
 *   <li>UPDATE and DELETE meet an INSTEAD OF trigger, which also ends the transaction; TRUNCATE is refused for the foreign key of an empty
 *       table. Who may ALTER the tables can disable triggers and constraints; no schema can stop that.
 *   <li>With READ_COMMITTED_SNAPSHOT off, readers wait for writers. Those that look for missing positions pass over uncommitted rows instead
 *       (READPAST), so a tail never waits for a writer; every other query waits for a second, and by default ten times. With it on, as on Azure and as we
 *       recommend, nobody waits.
 *   <li>XACT_ABORT is off while the store inserts, so that a refused append leaves the caller's transaction usable; what a statement sets
 *       ends with it, since the driver sends it by {@code sp_executesql}.
 *   <li>The server has no timeout for a session that idles in a transaction: a client that is stopped while it settles positions holds up
 *       other settlers until its connection breaks. An append waits for an open writer of its entity as long as that takes.
 *   <li>Merge replication and SQL Data Sync put triggers on tables; then an append fails (error 334).
 * </ul>
 */
@NullMarked
package io.sqleventstore.sqlserver;

import org.jspecify.annotations.NullMarked;
