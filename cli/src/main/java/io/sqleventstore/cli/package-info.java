/**
 * The command {@code eventstore}: installs the tables, replays, follows and verifies a ledger, and shows the store at work on the
 * history of a git repository. Not an API; its options, output lines and exit codes are.
 */
@NullMarked
package io.sqleventstore.cli;

import org.jspecify.annotations.NullMarked;
