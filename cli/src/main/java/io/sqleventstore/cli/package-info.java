/** The command line: what a person does with an event store. */
@NullMarked
package io.sqleventstore.cli;

import org.jspecify.annotations.NullMarked;
