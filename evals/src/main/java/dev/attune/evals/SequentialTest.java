package dev.attune.evals;

/**
 * Wald's sequential probability ratio test (1945) of a failure rate: p0 is good, p1 is too much. Looking after every event
 * does not spoil it, which is what people do who watch a canary. Immutable; each event gives a new state.
 *
 * @param p0 the rate that is still good
 * @param p1 the rate that is not, above {@code p0}
 * @param alpha how often a good rate may be refused
 * @param beta how often a bad rate may be accepted
 * @param logRatio the log-likelihood ratio so far; 0 at the beginning
 */
public record SequentialTest(double p0, double p1, double alpha, double beta, double logRatio) {
    /** What may be concluded. */
    public enum Outcome {
        /** Nothing yet. */
        GO_ON,
        /** The rate is that of p0. */
        GOOD,
        /** The rate is that of p1. */
        BAD
    }

    public SequentialTest {
        if (!(p0 > 0 && p0 < p1 && p1 < 1 && alpha > 0 && alpha < 1 && beta > 0 && beta < 1)) {
            throw new IllegalArgumentException(
                    "A sequential test needs 0 < p0 < p1 < 1 and errors between 0 and 1, not p0 "
                            + p0 + ", p1 " + p1 + ", alpha " + alpha + ", beta " + beta + ".");
        }
    }

    /** A test before its first event. */
    public static SequentialTest of(double p0, double p1, double alpha, double beta) {
        return new SequentialTest(p0, p1, alpha, beta, 0);
    }

    /** At this ratio and above the rate is bad. */
    public double upper() {
        return Math.log((1 - beta) / alpha);
    }

    /** At this ratio and below the rate is good. */
    public double lower() {
        return Math.log(beta / (1 - alpha));
    }

    /** The state after one more event. */
    public SequentialTest after(boolean failed) {
        double step = failed ? Math.log(p1 / p0) : Math.log((1 - p1) / (1 - p0));
        return new SequentialTest(p0, p1, alpha, beta, logRatio + step);
    }

    public Outcome outcome() {
        return logRatio >= upper() ? Outcome.BAD : logRatio <= lower() ? Outcome.GOOD : Outcome.GO_ON;
    }
}
