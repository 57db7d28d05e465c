package io.sqleventstore.conformance;

/** Chapter ORD of the contract. */
abstract class OrderChapter extends RegistryChapter {}
