package dev.attune.cli;

import java.time.Duration;
import java.util.Locale;

/** Numbers as people read them: counts with separators, durations in the two largest units, shares in percent. */
final class Words {
    private Words() {}

    /** A count with thousands separators: {@code 12,345}. */
    static String count(long n) {
        return String.format(Locale.ROOT, "%,d", n);
    }

    /** A count with its noun, in the plural where it belongs: {@code 1 row}, {@code 400 rows}. */
    static String count(long n, String noun) {
        return count(n) + " " + (n == 1 ? noun : noun + "s");
    }

    /** A duration in its two largest units: {@code 45 s}, {@code 2 min 5 s}, {@code 3 h 10 min}. */
    static String duration(Duration duration) {
        long seconds = Math.max(0, Math.round(duration.toMillis() / 1000.0));
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3600) {
            return seconds / 60 + " min" + (seconds % 60 == 0 ? "" : " " + seconds % 60 + " s");
        }
        long minutes = seconds / 60;
        return minutes / 60 + " h" + (minutes % 60 == 0 ? "" : " " + minutes % 60 + " min");
    }

    /** A share in percent with one digit: {@code 92.5 %}. */
    static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", share * 100);
    }

    /** A p-value as it is written: {@code p = 0.031}, {@code p < 0.0001}. */
    static String pValue(double p) {
        if (p < 0.0001) {
            return "p < 0.0001";
        }
        return String.format(Locale.ROOT, p < 0.001 ? "p = %.4f" : "p = %.3f", p);
    }

    /** The text on one line: line breaks become {@code ⏎}, other control characters spaces. */
    static String oneLine(String text) {
        return text.replace("\r\n", "⏎").replace("\n", "⏎").replaceAll("\\p{Cntrl}", " ");
    }
}
