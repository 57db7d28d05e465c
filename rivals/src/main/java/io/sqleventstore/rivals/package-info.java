/**
 * Other event stores on PostgreSQL, which {@code eventstore bench --rival} measures beside this one; see {@code docs/benchmarks.md}. Each has
 * its own tables, and what its documentation recommends. Documents are text that each stores as bytes: none maps objects.
 */
@NullMarked
package io.sqleventstore.rivals;

import org.jspecify.annotations.NullMarked;
