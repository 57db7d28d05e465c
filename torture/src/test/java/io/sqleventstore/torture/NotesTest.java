package io.sqleventstore.torture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NotesTest {
    @TempDir
    Path folder;

    private List<Note> written(Path file) throws IOException {
        Story story = Story.honest();
        try (Notes notes = new Notes(file)) {
            story.calls.forEach(notes::add);
            story.tail.forEach(notes::add);
        }
        story.calls.addAll(story.tail);
        return story.calls;
    }

    @Test
    void what_is_noted_is_read_as_it_was() throws IOException {
        Path file = folder.resolve("notes");
        assertThat(Notes.read(file)).isEmpty();
        List<Note> notes = written(file);
        assertThat(Notes.read(file)).isEqualTo(notes);
    }

    @Test
    void a_torn_line_at_the_end_is_no_note_and_one_before_is_an_error() throws IOException {
        Path file = folder.resolve("notes");
        List<Note> notes = written(file);
        String text = Files.readString(file);
        Files.writeString(file, text.substring(0, text.length() - 10));
        assertThat(Notes.read(file)).isEqualTo(notes.subList(0, notes.size() - 1));
        Files.writeString(file, "{torn\n" + text);
        assertThatThrownBy(() -> Notes.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("line 1");
    }

    @Test
    void a_line_that_has_an_end_is_not_torn() throws IOException {
        Path file = folder.resolve("notes");
        List<Note> notes = written(file);
        String text = Files.readString(file);
        Files.writeString(file, text + "{torn\n");
        assertThatThrownBy(() -> Notes.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("line " + (notes.size() + 1));
    }

    @Test
    void a_line_may_be_torn_within_a_character() throws IOException {
        Path file = folder.resolve("notes");
        List<Note> notes = written(file);
        byte[] torn = "{\"is\":\"fresh\",\"key\":\"ä".getBytes(StandardCharsets.UTF_8);
        Files.write(file, Arrays.copyOf(torn, torn.length - 1), StandardOpenOption.APPEND);
        assertThat(Notes.read(file)).isEqualTo(notes);
    }

    @Test
    void what_many_have_in_common_is_one_object() throws IOException {
        Path file = folder.resolve("notes");
        written(file);
        History history = new History();
        history.add(Notes.read(file), "tail", List.of());
        List<History.Attempt> several = history.attempts().stream()
                .filter(attempt -> attempt.key().equals("several"))
                .toList();
        assertThat(several).hasSize(2);
        assertThat(several.get(1).key()).isSameAs(several.get(0).key());
        assertThat(several.get(1).events()).isSameAs(several.get(0).events());
        assertThat(several.get(1).spots()).isSameAs(several.get(0).spots());
        assertThat(several.get(0).events().get(1).entity())
                .isSameAs(several.get(0).events().get(0).entity());
    }
}
