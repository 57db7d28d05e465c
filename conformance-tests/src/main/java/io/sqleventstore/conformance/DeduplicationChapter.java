package io.sqleventstore.conformance;

/** Chapter DUP of the contract. */
abstract class DeduplicationChapter extends OrderChapter {}
