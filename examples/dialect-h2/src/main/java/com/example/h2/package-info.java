/**
 * The event store in H2 (tried on 2.5.252): an example of a dialect that somebody else wrote.
 *
 * <ul>
 *   <li>Positions come from an identity column. An insert that meets another transaction's uncommitted unique value is repeated by H2 at
 *       full speed until the lock timeout, and draws a position each time; {@link com.example.h2.InsertGuard} makes writers wait before that.
 *   <li>UPDATE and DELETE meet a statement trigger, TRUNCATE is refused because foreign keys refer to both tables. The tables' owner can drop
 *       the triggers and {@code SET REFERENTIAL_INTEGRITY FALSE}; no schema can stop that.
 *   <li>Triggers are Java classes: this artifact has to be on the class path of the process that H2 runs in.
 *   <li>Data and metadata are CLOBs with a check, which keeps the text to the byte; the type {@code JSON} would rewrite it.
 *   <li>{@code SELECT … FROM FINAL TABLE (INSERT …)} is not atomic by itself in H2, so an append always is a transaction.
 *   <li>READ UNCOMMITTED shows what others have not committed; the store's own sessions are READ COMMITTED, and foreign keys are looked at
 *       again by a trigger for others.
 *   <li>A view's insert is carried out with the rights of its user, so followers have INSERT on the ledger too, and a trigger that refuses all
 *       but what comes through the view.
 *   <li>DDL commits. The script can be repeated, so an installation that broke off is continued.
 *   <li>The store sets the session's lock timeout to 5 s; H2 waits up to twice as long.
 * </ul>
 */
package com.example.h2;
