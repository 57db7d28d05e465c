/**
 * The certification suite: whoever extends {@link io.sqleventstore.conformance.EventStoreConformance} with a dialect and a
 * place for its tables has every clause of the contract tested against the real database.
 *
 * <p>Each test's name begins with the clause that it is about. Nothing here skips: a variation that a database has is
 * declared by overriding a method, and both answers are asserted.
 */
@NullMarked
package io.sqleventstore.conformance;

import org.jspecify.annotations.NullMarked;
