package io.sqleventstore.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PagesTest {
    private int read;

    /** Pages that are counted as they are read, as lists whose own forEachRemaining loses its place. */
    private Stream<Integer> pages(List<List<Integer>> pages) {
        return Pages.stream(pages.stream()
                .peek(page -> read++)
                .<List<Integer>>map(ArrayList::new)
                .iterator());
    }

    private Stream<Integer> nine() {
        return pages(List.of(List.of(), List.of(1, 2, 3), List.of(), List.of(4), List.of(5, 6, 7, 8, 9), List.of()));
    }

    @Test
    void RPL_1_all_come_in_their_order_whichever_way_they_are_asked_for() {
        List<Integer> all = List.of(1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(nine().toList()).isEqualTo(all);
        assertThat(nine().parallel().toList()).isEqualTo(all);
        List<Integer> oneByOne = new ArrayList<>();
        nine().iterator().forEachRemaining(oneByOne::add);
        assertThat(oneByOne).isEqualTo(all);
        Iterator<Integer> some = nine().iterator();
        assertThat(List.of(some.next(), some.next())).isEqualTo(List.of(1, 2));
        some.forEachRemaining(oneByOne::add);
        assertThat(oneByOne).hasSize(9 + 7);
        assertThat(pages(List.of())).isEmpty();
        assertThat(pages(List.of(List.of()))).isEmpty();
    }

    @Test
    void RPL_4_no_page_is_read_before_it_is_wanted() {
        Iterator<Integer> some = nine().iterator();
        assertThat(read).isZero();
        for (int i = 0; i < 3; i++) {
            some.next();
            assertThat(read).isEqualTo(2);
        }
        assertThat(some.next()).isEqualTo(4);
        assertThat(read).isEqualTo(4);
        assertThat(nine().findFirst()).contains(1);
        assertThat(read).isEqualTo(4 + 2);
    }

    @Test
    void RPL_1_whose_consumer_throws_goes_on_with_the_next() {
        for (int bad = 1; bad <= 9; bad++) {
            int it = bad;
            List<Integer> delivered = new ArrayList<>();
            Iterator<Integer> all = nine().iterator();
            assertThatThrownBy(() -> all.forEachRemaining(each -> {
                        delivered.add(each);
                        if (each == it) {
                            throw new IllegalStateException("bad");
                        }
                    }))
                    .hasMessage("bad");
            assertThat(delivered).last().isEqualTo(bad);
            all.forEachRemaining(delivered::add);
            assertThat(delivered).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9);
        }
    }

    @Test
    void RPL_4_a_page_is_let_go_of_before_the_next_is_read() {
        for (boolean oneByOne : new boolean[] {false, true}) {
            Rereading pages = new Rereading();
            Stream<Object> stream = Pages.stream(pages);
            if (oneByOne) {
                Iterator<Object> each = stream.iterator();
                while (each.hasNext()) {
                    each.next();
                }
            } else {
                stream.forEach(each -> {});
            }
            assertThat(pages.number).isEqualTo(5);
        }
    }

    /** Pages each of which is made when nothing of the one before is in memory. */
    private static final class Rereading implements Iterator<List<Object>> {
        private WeakReference<Object> before = new WeakReference<>(null);
        private int number;

        @Override
        public boolean hasNext() {
            return number < 5;
        }

        @Override
        public List<Object> next() {
            for (int attempt = 0; attempt < 50 && before.get() != null; attempt++) {
                System.gc();
            }
            assertThat(before.get()).as("page %d", number).isNull();
            number++;
            Supplier<Object> maker = Object::new;
            List<Object> page = new ArrayList<>(List.of(maker.get()));
            before = new WeakReference<>(page);
            return page;
        }
    }
}
