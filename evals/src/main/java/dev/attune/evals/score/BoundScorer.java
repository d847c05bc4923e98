package dev.attune.evals.score;

import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Whether a measured quantity of the answer lies within bounds: length, seconds, tokens, dollars. */
final class BoundScorer implements Scorer {
    private final String name;
    private final String unit;
    private final ToDoubleFunction<Answer> measure;
    private final double least;
    private final double most;

    /** @param measure negative where the quantity is not known */
    BoundScorer(String name, String unit, ToDoubleFunction<Answer> measure, double least, double most) {
        this.name = name;
        this.unit = unit;
        this.measure = measure;
        this.least = least;
        this.most = most;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Score score(Sample sample) {
        double value = measure.applyAsDouble(sample.answer());
        if (value < 0) {
            throw new UnscorableException("the " + unit + " of the answer are not known");
        }
        if (value >= least && value <= most) {
            return Score.right();
        }
        String bound = value < least ? "at least " + written(least) : "at most " + written(most);
        return new Score(0, written(value) + " " + unit + ", not " + bound,
                value < least ? "Write more: " + bound + " " + unit + "." : "Be shorter: " + bound + " " + unit + ".");
    }

    static double characters(Answer answer) {
        String text = Texts.strip(answer.text());
        return text.codePointCount(0, text.length());
    }

    static double words(Answer answer) {
        String text = answer.text().strip();
        return text.isEmpty() ? 0 : text.split("\\s+").length;
    }

    static double sentences(Answer answer) {
        String text = answer.text().strip();
        return text.isEmpty() ? 0 : text.split("(?<=[.!?…])[\"'”’)]*\\s+").length;
    }

    static double lines(Answer answer) {
        return answer.text().strip().lines().filter(line -> !line.isBlank()).count();
    }

    private static String written(double value) {
        return value == Math.rint(value) ? String.valueOf((long) value) : String.format(Locale.ROOT, "%.4g", value);
    }
}
