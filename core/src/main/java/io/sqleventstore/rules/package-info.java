/**
 * The rules of ordering and deduplication as pure functions, for the authors of storage engines.
 *
 * <p>{@link io.sqleventstore.rules.Continuation} says what follows a head, {@link io.sqleventstore.rules.Sameness} what
 * makes two appends the same, and {@link io.sqleventstore.rules.Judgement} what a refusal by the database means. An
 * application that only stores and replays events needs none of this.
 */
@NullMarked
package io.sqleventstore.rules;

import org.jspecify.annotations.NullMarked;
