package io.sqleventstore.cli;

import io.sqleventstore.StoredEvent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The tree that the events of a line of commits amount to. Events of other commits of the same repository, such as those of
 * another branch or those that an amended commit left behind, are counted and left out.
 */
final class RebuiltTree {
    private final String root;
    private final Set<String> line;
    private final SortedMap<GitPath, Leaf> leaves = new TreeMap<>();
    private final Set<GitPath> paths = new HashSet<>();
    private long events;
    private long foreign;

    RebuiltTree(List<String> line) {
        this.root = line.get(0);
        this.line = new HashSet<>(line);
    }

    /** How many events were folded or left out. */
    long events() {
        return events;
    }

    /** How many entities they belong to. */
    int entities() {
        return paths.size();
    }

    /** How many events were not from this repository. */
    long foreign() {
        return foreign;
    }

    /** What is there, by path. */
    SortedMap<GitPath, Leaf> leaves() {
        return leaves;
    }

    void apply(StoredEvent event) {
        if (!root.equals(FileEvents.root(event))) {
            foreign++;
            return;
        }
        events++;
        Change change = FileEvents.change(event);
        paths.add(change.path());
        if (!line.contains(change.commit())) {
            return;
        }
        Leaf leaf = change.leaf();
        if (leaf == null) {
            leaves.remove(change.path());
        } else {
            leaves.put(change.path(), leaf);
        }
    }

    /** Where this tree is not that one, a line each. */
    List<String> differences(SortedMap<GitPath, Leaf> expected) {
        Set<GitPath> all = new TreeSet<>(leaves.keySet());
        all.addAll(expected.keySet());
        List<String> differences = new ArrayList<>();
        for (GitPath path : all) {
            Leaf here = leaves.get(path);
            Leaf there = expected.get(path);
            if (here == null) {
                differences.add(path + ": missing, git has " + there);
            } else if (!here.equals(there)) {
                differences.add(path + ": " + here + ", git has " + (there == null ? "nothing" : there));
            }
        }
        return differences;
    }
}
