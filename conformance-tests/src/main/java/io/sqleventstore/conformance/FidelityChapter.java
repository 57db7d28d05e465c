package io.sqleventstore.conformance;

/** Chapter FID of the contract. */
abstract class FidelityChapter extends AtomicityChapter {}
