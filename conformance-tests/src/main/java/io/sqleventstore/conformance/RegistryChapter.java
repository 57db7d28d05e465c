package io.sqleventstore.conformance;

/** Chapter REG of the contract. */
abstract class RegistryChapter extends Suite {}
