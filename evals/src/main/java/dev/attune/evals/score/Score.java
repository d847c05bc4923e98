package dev.attune.evals.score;

/**
 * What a scorer says about one answer.
 *
 * @param value 0 wrong, 1 right, between them partly right
 * @param reason why, in a few words; empty where the value says it all
 * @param feedback what to do better, as one would say it to who wrote the answer; empty where there is nothing
 */
public record Score(double value, String reason, String feedback) {
    public Score {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException("A score must be in [0, 1], not " + value + ".");
        }
    }

    /** A score whose reason, as a sentence, is the feedback as well. */
    public Score(double value, String reason) {
        this(value, reason, value >= 1 || reason.isEmpty() ? "" : Texts.sentence(reason));
    }

    /** Fully right. */
    static Score right() {
        return new Score(1, "", "");
    }

    /** Right or wrong. */
    static Score of(boolean right, String reasonIfWrong, String feedbackIfWrong) {
        return right ? right() : new Score(0, reasonIfWrong, feedbackIfWrong);
    }
}
