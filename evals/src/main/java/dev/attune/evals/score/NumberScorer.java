package dev.attune.evals.score;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether the last number of the answer is the last number of the expected text, within a tolerance. Commas between groups
 * of three digits are taken out; a percent sign is not looked at.
 */
final class NumberScorer implements Scorer {
    private static final Pattern NUMBER = Pattern
            .compile("[-−]?(?:\\d{1,3}(?:,\\d{3})+|\\d+)(?:\\.\\d+)?(?:[eE][-+]?\\d{1,3})?");

    private final double absolute;
    private final double relative;

    /** @param relative share of the expected number */
    NumberScorer(double absolute, double relative) {
        this.absolute = absolute;
        this.relative = relative;
    }

    @Override
    public String name() {
        return "number";
    }

    @Override
    public Score score(Sample sample) {
        BigDecimal want = last(sample.reference())
                .orElseThrow(() -> new UnscorableException("the expected answer holds no number"));
        Optional<BigDecimal> got = last(sample.text());
        if (got.isEmpty()) {
            return new Score(0, "the answer holds no number", "Give the number " + want + ".");
        }
        double allowed = Math.max(absolute, relative * Math.abs(want.doubleValue()));
        boolean right = allowed == 0
                ? got.get().compareTo(want) == 0
                : Math.abs(got.get().doubleValue() - want.doubleValue()) <= allowed;
        return Score.of(right, got.get() + " is not " + want + (allowed > 0 ? " within " + allowed : ""),
                "The result is " + want + ", not " + got.get() + "; go through the steps again.");
    }

    static Optional<BigDecimal> last(String text) {
        Matcher matcher = NUMBER.matcher(text);
        String found = "";
        while (matcher.find()) {
            boolean partOfWord = matcher.group().startsWith("-") && matcher.start() > 0
                    && Character.isLetterOrDigit(text.charAt(matcher.start() - 1));
            found = partOfWord ? matcher.group().substring(1) : matcher.group();
        }
        return found.isEmpty()
                ? Optional.empty()
                : Optional.of(new BigDecimal(found.replace(",", "").replace('−', '-')));
    }
}
