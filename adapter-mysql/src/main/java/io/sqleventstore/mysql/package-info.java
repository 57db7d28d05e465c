/**
 * The event store in MySQL 8.0.17 and later, and in MariaDB 10.11 and later, with either one's JDBC driver.
 *
 * <ul>
 *   <li>Positions are {@code AUTO_INCREMENT}; a transaction that rolls back leaves a hole, and so does an
 *       {@code auto_increment_increment} above 1, at the price of a void for each. MariaDB returns them with the insert; MySQL
 *       tells a single row's as the generated key, those of many rows are read back.
 *   <li>Data and metadata are {@code LONGTEXT} with a check, which keeps the text to the byte; MySQL's {@code JSON} would rewrite it.
 *   <li>Names and keys have a binary collation that doesn't ignore blanks at the end.
 *   <li>UPDATE and DELETE meet row triggers; TRUNCATE is refused because of the foreign key of {@code event_gate}. Whoever may
 *       {@code SET foreign_key_checks = 0} (everybody may, for the own session), on MariaDB {@code check_constraint_checks = 0}, is not
 *       stopped by what is switched off; no schema can stop that, {@code verify} finds it.
 *   <li>A transaction that the store begins is READ COMMITTED, whatever the default; a session's settings are left as they were.
 *   <li>Who settles positions looks first at what is not committed yet, and leaves alone what lies above an open writer. Should one come
 *       in between, it is waited for: up to a second on MySQL, where a lock timeout is counted in seconds, not at all on MariaDB.
 *   <li>To install: the rights CREATE, CREATE VIEW, TRIGGER, REFERENCES, SELECT and INSERT, and, where MySQL writes a binary log (the
 *       default), either the right SUPER or {@code log_bin_trust_function_creators = 1} while the triggers are created. The user
 *       who installed has to stay: triggers and the view have that user's rights. {@code binlog_format = STATEMENT} can't work.
 *   <li>{@code max_allowed_packet} has to hold an event with both its documents, each of which may have 16 MiB: 64M (the default of MySQL, not
 *       of MariaDB) holds any two that don't consist of quotation marks, 128M holds all. A larger event is refused by {@code StoreFailure}.
 *   <li>An append of one event is one round trip where the data source leaves its connections in auto-commit mode, else three. On MariaDB MySQL
 *       Connector/J asks the server before each insert whether the session may write; {@code readOnlyPropagatesToServer=false} in the URL spares
 *       that.
 * </ul>
 */
@NullMarked
package io.sqleventstore.mysql;

import org.jspecify.annotations.NullMarked;
