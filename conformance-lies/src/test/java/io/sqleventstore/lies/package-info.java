/** Stores that lie, each in one way, and the proof that the conformance suite catches every one of them. */
@org.jspecify.annotations.NullMarked
package io.sqleventstore.lies;
