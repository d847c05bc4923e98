package dev.attune.evals.score;

import java.util.List;

/**
 * Says what an answer is worth. Implementations are thread-safe. They may throw {@link UnscorableException} for a row that
 * lacks what they need; whatever else they throw is counted as an error of the row and never as a score.
 */
public interface Scorer {

    /** The name that recipes and reports use. */
    String name();

    /** Scores one answer. */
    Score score(Sample sample);

    /** The scorers that this one is made of; none for most. */
    default List<Scorer> parts() {
        return List.of();
    }

    /** Scores a text against the one that was expected. */
    default Score score(String expected, String actual) {
        return score(Sample.of(expected, actual));
    }
}
