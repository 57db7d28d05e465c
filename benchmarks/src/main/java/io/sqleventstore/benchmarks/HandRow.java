package io.sqleventstore.benchmarks;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a floor inserts. */
record HandRow(UUID id, String key, long revision, @Nullable UUID previous, String appendKey, int appendIndex) {}
