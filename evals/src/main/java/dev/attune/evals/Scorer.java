package dev.attune.evals;

/** Compares an answer with the one that was expected. Implementations are thread-safe and never throw for any text. */
public interface Scorer {

    /** The name that recipes and reports use. */
    String name();

    /** Scores one answer. */
    Score score(String expected, String actual);
}
