/**
 * The event store in an SQLite file: nothing to install, many threads and several processes on one file.
 *
 * <ul>
 *   <li>SQLite has one writer at a time, so positions are in commit order and there never is a hole. An append
 *       is one statement in auto-commit mode; where it takes several, their transaction begins as {@code IMMEDIATE}, so that it waits for
 *       its turn ({@code busy_timeout}), as one statement does, instead of failing later.
 *   <li>The file is in WAL mode, {@code synchronous=FULL}: what was acknowledged survives a power failure.
 *   <li>A trigger looks for what an event refers to: SQLite checks foreign keys only on connections that ask for it. {@code PRAGMA
 *       ignore_check_constraints} is a switch that no schema can stop.
 *   <li>There is no TRUNCATE, and a DELETE without WHERE meets the same trigger as any other.
 *   <li>The clock has milliseconds.
 *   <li>A replay or tail by names reads in the order of positions: without statistics, which SQLite gathers only when told to, it would find
 *       all events of the name and sort them, for each page.
 *   <li>Inserts stay prepared on the driver's connections, since to compile one takes SQLite longer than to run it: the store takes them from below a
 *       pool or another wrapper ({@link java.sql.Wrapper#unwrap}), so a proxy that logs statements doesn't see them, unless its {@code isWrapperFor} says
 *       no to the driver's class. In a caller's transaction they go through the caller's connection.
 *   <li>The tables are created in the {@code main} database, so a schema name, if one is given, has to be {@code main}.
 * </ul>
 */
@NullMarked
package io.sqleventstore.sqlite;

import org.jspecify.annotations.NullMarked;
