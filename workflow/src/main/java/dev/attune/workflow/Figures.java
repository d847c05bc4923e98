package dev.attune.workflow;

import dev.attune.evals.Interval;
import dev.attune.evals.PairedComparison;
import java.util.Locale;

/** Numbers and sentences as reports write them; the same on every machine. */
public final class Figures {
    private Figures() {}

    /** A share as {@code 92.3 %}. */
    public static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    /** A share with its 95 % interval: {@code 92.3 % [84.2, 96.4]}. */
    public static String percent(Interval interval) {
        return percent(interval.estimate())
                + String.format(Locale.ROOT, " [%s, %s]", bound(interval.low()), bound(interval.high()));
    }

    /** A difference of shares in points, with its sign and interval: {@code +88.5 points [79.0, 93.9]}. */
    public static String points(Interval difference) {
        return String.format(Locale.ROOT, "%+.1f points [%s, %s]", 100 * difference.estimate(), bound(difference.low()),
                bound(difference.high()));
    }

    /** A p-value: {@code p < 0.0001} or {@code p = 0.0312}. */
    public static String p(double value) {
        return value < 0.0001 ? "p < 0.0001" : String.format(Locale.ROOT, "p = %.4f", value);
    }

    /**
     * The result as one sentence.
     *
     * @param compared what the tuned model is measured against, as a sentence names it: {@code the base model}
     */
    public static String headline(PairedComparison score, String compared) {
        String what = switch (score.scorer()) {
            case "exact" -> "exactly right";
            case "json_fields" -> "right by JSON field";
            case "contains" -> "with the expected text";
            default -> "right by " + score.scorer();
        };
        return "The tuned model answers " + percent(score.tuned()) + " of " + grouped(score.n())
                + " held-out questions " + what
                + ", " + compared + " " + percent(score.base()) + ".";
    }

    /** What the difference is worth, as one sentence. */
    public static String verdict(PairedComparison score) {
        String numbers = points(score.difference()) + ", " + p(score.pValue()) + " (" + score.test() + ")";
        if (!score.difference().excludesZero()) {
            return "The difference, " + numbers + ", cannot be told from chance.";
        }
        return (score.difference().estimate() > 0 ? "Tuning gains " : "Tuning loses ") + numbers + ".";
    }

    /** A whole number in groups of three: {@code 12,345}. */
    public static String grouped(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** A time that a person can grasp: {@code 0.8 s}, {@code 42 s}, {@code 3 min 5 s}, {@code 2 h 4 min}. */
    public static String seconds(double value) {
        if (value < 9.95) {
            return String.format(Locale.ROOT, "%.1f s", value);
        }
        long whole = Math.round(value);
        if (whole < 60) {
            return whole + " s";
        }
        return whole < 3600
                ? whole / 60 + " min " + whole % 60 + " s"
                : whole / 3600 + " h " + whole % 3600 / 60 + " min";
    }

    /** A loss or another small number with what can be told apart: {@code 0.0123}, {@code 1.62}. */
    public static String loss(double value) {
        return String.format(Locale.ROOT, Math.abs(value) < 0.1 ? "%.4f" : "%.3f", value);
    }

    private static String bound(double value) {
        return Double.isInfinite(value) ? (value < 0 ? "−∞" : "∞") : String.format(Locale.ROOT, "%.1f", 100 * value);
    }
}
