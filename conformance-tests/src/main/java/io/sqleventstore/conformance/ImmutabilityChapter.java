package io.sqleventstore.conformance;

/** Chapter IMM of the contract. */
abstract class ImmutabilityChapter extends DeduplicationChapter {}
