package io.sqleventstore.conformance;

/** Chapter ATM of the contract. */
abstract class AtomicityChapter extends ReplayChapter {}
