package io.sqleventstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class DocumentsTest {
    @Test
    void an_escape_has_four_digits_of_ascii() {
        // the last eight bits of U+0165 are those of an e, of U+0430 those of a zero
        for (String escape : List.of("\\u16\u0165\u0165", "\\u\u04300e9", "\\u00e\uff11")) {
            assertThatThrownBy(() -> NewEvent.of("e", "[\"" + escape + "\"]"))
                    .as(escape)
                    .isInstanceOf(InvalidEvent.class);
            assertThatThrownBy(() -> NewEvent.of("e", "{\"" + escape + "\":1}")).isInstanceOf(InvalidEvent.class);
        }
    }

    @Test
    void what_only_looks_like_an_escape_is_none() {
        for (String text : List.of("\\\\u\u0165", "\\u00e9\u0165", "\\n\u0165", "\\\\\\u00e9")) {
            assertThat(NewEvent.of("e", "[\"" + text + "\"]").data()).contains(text);
        }
    }
}
