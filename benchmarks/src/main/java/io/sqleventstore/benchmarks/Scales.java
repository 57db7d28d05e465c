package io.sqleventstore.benchmarks;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Weighs the tables, twice. */
final class Scales {
    private final Place place;
    private final List<Weight> before;

    /** Weighs for the first time. */
    Scales(Place place) throws SQLException {
        this.place = place;
        this.before = weigh();
    }

    /** A table or index. */
    private record Weight(Subject subject, String part, long bytes, long events) {}

    private List<Weight> weigh() throws SQLException {
        List<Weight> weights = new ArrayList<>();
        for (Subject subject : place.subjects()) {
            long events = place.all(subject);
            for (Map.Entry<String, Long> part : place.sizes(subject).entrySet()) {
                weights.add(new Weight(subject, part.getKey(), part.getValue(), events));
            }
        }
        return weights;
    }

    /** Weighs again; what has grown how much. */
    List<Size> sizes() throws SQLException {
        List<Weight> after = weigh();
        List<Size> sizes = new ArrayList<>();
        for (int i = 0; i < after.size(); i++) { // the parts are the same, in the same order
            Weight was = before.get(i);
            Weight is = after.get(i);
            sizes.add(new Size(is.subject(), is.part(), was.bytes(), is.bytes(), was.events(), is.events()));
        }
        return sizes;
    }
}
