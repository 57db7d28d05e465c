/**
 * Puts a store under faults and checks afterwards, from what its clients noted and from the ledger alone, that no event was lost, doubled,
 * skipped or reordered.
 */
@NullMarked
package io.sqleventstore.torture;

import org.jspecify.annotations.NullMarked;
