package io.sqleventstore.conformance;

/** Chapter ERR of the contract. */
abstract class ErrorsChapter extends FidelityChapter {}
