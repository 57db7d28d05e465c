package io.sqleventstore.sql;

import io.sqleventstore.StoredEvent;
import java.util.List;

/**
 * Some events of a replay.
 *
 * @param events in the replay's order
 * @param last whether nothing comes after them
 */
record Slice(List<StoredEvent> events, boolean last) {}
