/**
 * Measures what the store costs, always next to two floors in the same run. The command {@code eventstore bench} calls it; see {@code
 * docs/benchmarks.md}.
 *
 * <p>Without JMH: what is timed are round trips to a database, a thousand times as long as anything that JMH guards against.
 */
@NullMarked
package io.sqleventstore.benchmarks;

import org.jspecify.annotations.NullMarked;
