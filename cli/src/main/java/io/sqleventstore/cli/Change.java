package io.sqleventstore.cli;

import org.jspecify.annotations.Nullable;

/**
 * What a commit did to a path, seen from its first parent.
 *
 * @param commit the commit's id
 * @param time when it was written, by its author
 * @param author its author's name and mail address
 * @param path the path
 * @param event one of the {@link FileEvents}
 * @param leaf what is there afterwards; null exactly when the path was deleted
 */
record Change(
        String commit,
        String time,
        String author,
        GitPath path,
        String event,
        @Nullable Leaf leaf) {}
