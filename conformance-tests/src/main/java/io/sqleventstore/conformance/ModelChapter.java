package io.sqleventstore.conformance;

/** Random operations against a model. */
abstract class ModelChapter extends SecurityChapter {}
