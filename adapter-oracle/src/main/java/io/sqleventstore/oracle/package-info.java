/**
 * The event store in Oracle Database 19c and later (Enterprise, Standard Edition 2, Free; character set AL32UTF8). Its SQL was written from
 * the documentation and has not met a server yet: see {@code docs/dialects/oracle.md} for each clause and what is left to show.
 *
 * <ul>
 *   <li>Positions come from an identity column whose generator has a cache of 100 in the instance and ORDER for RAC; NOCACHE would make writers
 *       take turns. A transaction that rolls back leaves a hole, an instance that stops one of at most a cache.
 *   <li>An append is an array of rows behind the engine's transaction or savepoint, because {@code INSERT ALL} draws one number for all rows
 *       and many rows in {@code VALUES} are of 23ai; positions are read back. A refused row leaves those before it, so the engine rolls back.
 *   <li>An INSERT waits for another transaction without limit. Where the engine must not, the statement is cancelled after a second or more; the gate is a row, locked {@code FOR UPDATE WAIT 1}. A client that stops in the middle is not ended by the store.
 *   <li>Data and metadata are CLOBs with {@code IS JSON STRICT}, which keeps the text; the type {@code JSON} would rewrite it. A CLOB has two
 *       bytes a character on disk. What is longer than 1,000 characters is bound as a temporary LOB.
 *   <li>An empty text is NULL. Names and keys are VARCHAR2 with CHAR semantics and are compared by their bytes; the store sets {@code NLS_COMP}
 *       in its sessions and asks for it in joined ones.
 *   <li>UPDATE, DELETE and MERGE meet a statement trigger, TRUNCATE a foreign key. What an owner or DBA can still do is listed in {@code
 *       docs/dialects/oracle.md}: drop or disable these, exchange a partition, write into a locked row's CLOB by DBMS_LOB.
 *   <li>DDL commits. The script can be repeated, so an installation that broke off is continued.
 *   <li>The store's sessions are READ COMMITTED: Oracle's SERIALIZABLE refuses work that did not conflict (ORA-08177).
 * </ul>
 */
@NullMarked
package io.sqleventstore.oracle;

import org.jspecify.annotations.NullMarked;
