package dev.attune.evals.run;

import dev.attune.evals.score.Score;

/** What a scorer made of a row. */
public sealed interface Outcome {
    /** A score, which counts. */
    record Scored(Score score) implements Outcome {}

    /** The row lacks what the scorer needs, or the judge did not say; counted, and kept out of the mean. */
    record Unscored(String reason) implements Outcome {}

    /** The model or the scorer failed; counted, and neither pass nor fail. */
    record Failed(String reason) implements Outcome {}
}
