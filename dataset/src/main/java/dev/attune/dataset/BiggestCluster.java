package dev.attune.dataset;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The largest group of rows that repeat each other, exactly or nearly, where it is a large share of the dataset. */
final class BiggestCluster {
    private static final int FEWEST_ROWS = 10;
    private static final double SHARE = 0.2;

    private BiggestCluster() {}

    static Optional<Problem> problem(Duplicates duplicates, int rows) {
        long biggest = Stream.concat(duplicates.exact().stream(), duplicates.near().stream()).mapToInt(List::size).max()
                .orElse(0);
        return problem(biggest, rows);
    }

    static Optional<Problem> problem(long biggest, long rows) {
        return biggest < Math.max(FEWEST_ROWS, SHARE * rows)
                ? Optional.empty()
                : Optional.of(Problem.ofFile("near_duplicate_cluster", Severity.WARNING,
                        "%,d of %,d rows say nearly the same, so the model sees little else; keep a few of them or add others"
                                .formatted(biggest, rows)));
    }
}
