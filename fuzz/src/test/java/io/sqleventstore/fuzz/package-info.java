/** Whatever comes in is taken or refused as the contract says, and never half: tests that {@code docs/fuzzing.md} explains. */
@org.jspecify.annotations.NullMarked
package io.sqleventstore.fuzz;
