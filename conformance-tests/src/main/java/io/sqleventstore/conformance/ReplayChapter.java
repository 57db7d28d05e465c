package io.sqleventstore.conformance;

/** Chapter RPL of the contract. */
abstract class ReplayChapter extends ImmutabilityChapter {}
