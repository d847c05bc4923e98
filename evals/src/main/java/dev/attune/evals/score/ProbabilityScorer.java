package dev.attune.evals.score;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * Brier's score (1950) turned so that 1 is best: 1 − (p − y)², where the answer's last number is the probability p (a number
 * above 1 is read as percent) and y is 1 where the expected answer is yes, true or 1.
 */
final class ProbabilityScorer implements Scorer {
    @Override
    public String name() {
        return "probability";
    }

    @Override
    public Score score(Sample sample) {
        String reference = Texts.fold(Texts.strip(sample.reference()));
        double truth = switch (reference) {
            case "1", "1.0", "yes", "true" -> 1;
            case "0", "0.0", "no", "false" -> 0;
            default -> throw new UnscorableException("the expected answer is neither yes nor no");
        };
        Optional<BigDecimal> number = NumberScorer.last(sample.text());
        double p = number.map(BigDecimal::doubleValue).orElse(-1.0);
        p = p > 1 && p <= 100 ? p / 100 : p;
        if (!(p >= 0 && p <= 1)) {
            return new Score(0, "the answer holds no probability", "Answer with a probability from 0 to 1.");
        }
        return new Score(1 - (p - truth) * (p - truth), p == truth ? "" : "said " + p + " where it was " + (int) truth);
    }
}
