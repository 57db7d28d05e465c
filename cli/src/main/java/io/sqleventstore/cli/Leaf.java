package io.sqleventstore.cli;

/**
 * What a git tree has at a path.
 *
 * @param mode such as {@code 100644} (file), {@code 100755} (executable), {@code 120000} (symbolic link), {@code 160000}
 *     (submodule)
 * @param id of the blob, or of the submodule's commit
 */
record Leaf(String mode, String id) {
    @Override
    public String toString() {
        return mode + " " + id;
    }
}
