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

    @Test
    void strings_that_are_not_read_are_checked_all_the_same() {
        for (String json : List.of("[\"\t\"]", "[\"a]", "{\"a\n\":1}", "[\"\ud800\"]", "[\"\u0000\"]", "[\"a\"b\"]")) {
            assertThatThrownBy(() -> NewEvent.of("e", json)).as(json).isInstanceOf(InvalidEvent.class);
        }
    }

    @Test
    void an_escape_may_not_spell_what_the_text_may_not_hold() {
        for (String escape : List.of("\\u0000", "\\ud800", "\\udc00\\ud800")) {
            assertThatThrownBy(() -> NewEvent.of("e", "[\"" + escape + "\"]")).isInstanceOf(InvalidEvent.class);
            assertThatThrownBy(() -> NewEvent.of("e", "{\"" + escape + "\":1}")).isInstanceOf(InvalidEvent.class);
        }
    }
}
