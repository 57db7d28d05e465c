package io.sqleventstore.conformance;

/** Chapter SEC of the contract. */
abstract class SecurityChapter extends ErrorsChapter {}
