package io.sqleventstore.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The SQL on a page of documentation: the blocks that are fenced as {@code sql NAME} or {@code sql NAME refused CODE}, in their order. A
 * statement ends with a semicolon at the end of a line, unlike in the scripts of the tables, where an empty line follows: a page has its
 * statements close together, and no bodies.
 */
public final class SqlPage {
    private static final Pattern BLOCK =
            Pattern.compile("^```sql (\\w+)(?: refused (\\S+))?\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);

    private SqlPage() {}

    /** What stands in one block: the statements without their semicolons, and the code with which the database refuses each; null if it takes them. */
    public record Block(List<String> statements, @Nullable String refusal) {}

    /** The blocks for a kind of database, by the name that the page has for it. */
    public static List<Block> blocks(Path page, String name) throws IOException {
        return BLOCK.matcher(Files.readString(page).replace("\r\n", "\n"))
                .results()
                .filter(block -> block.group(1).equals(name))
                .map(block -> new Block(statements(block.group(3)), block.group(2)))
                .toList();
    }

    private static List<String> statements(String sql) {
        return Stream.of(sql.split(";\\n")).filter(each -> !each.isBlank()).toList();
    }
}
