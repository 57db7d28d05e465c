/** The store's own code under JMH, without a database. */
@NullMarked
package io.sqleventstore.microbenchmarks;

import org.jspecify.annotations.NullMarked;
