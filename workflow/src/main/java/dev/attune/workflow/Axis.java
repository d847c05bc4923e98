package dev.attune.workflow;

import java.util.ArrayList;
import java.util.List;

/**
 * One axis of a chart: values from {@code low} to {@code high} onto pixels from {@code start} to {@code end}, with ticks
 * at 1, 2 or 5 times a power of ten.
 */
record Axis(double low, double high, double start, double end) {

    Axis {
        if (!(high > low)) {
            throw new IllegalArgumentException("An axis needs a range, not " + low + " to " + high);
        }
    }

    /** An axis over a range widened to whole ticks; an empty range is widened by one on each side. */
    static Axis over(double low, double high, int ticks, double start, double end) {
        double from = high > low ? low : low - 1;
        double to = high > low ? high : high + 1;
        double step = step(to - from, ticks);
        return new Axis(Math.floor(from / step) * step, Math.ceil(to / step) * step, start, end);
    }

    double at(double value) {
        return start + (value - low) / (high - low) * (end - start);
    }

    /** Round values, about as many as asked for. */
    List<Double> ticks(int about) {
        double step = step(high - low, about);
        var ticks = new ArrayList<Double>();
        for (long i = (long) Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) {
            ticks.add(i * step);
        }
        return ticks;
    }

    /** A tick as short as it can be written. */
    static String label(double value) {
        double rounded = Math.rint(value * 1e6) / 1e6;
        return rounded == Math.rint(rounded)
                ? Figures.grouped((long) rounded)
                : java.math.BigDecimal.valueOf(rounded).stripTrailingZeros().toPlainString();
    }

    private static double step(double range, int about) {
        double raw = range / Math.max(1, about);
        double power = Math.pow(10, Math.floor(Math.log10(raw)));
        double scaled = raw / power;
        return power * (scaled <= 1 ? 1 : scaled <= 2 ? 2 : scaled <= 5 ? 5 : 10);
    }
}
