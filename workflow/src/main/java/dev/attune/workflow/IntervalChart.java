package dev.attune.workflow;

import dev.attune.evals.Interval;
import dev.attune.evals.PairedComparison;
import dev.attune.evals.decide.Markup;
import java.util.Locale;

/** Two scores on one line from 0 to 100 %, each a dot with its 95 % interval, as an inline SVG. */
final class IntervalChart {
    private static final Axis SCALE = new Axis(0, 1, 52, 296);

    private IntervalChart() {}

    static String svg(PairedComparison score) {
        var out = new StringBuilder(
                "<svg class=\"intervals\" viewBox=\"0 0 320 84\" role=\"img\" aria-label=\"" + Markup
                        .escape(score.scorer() + ": base " + Figures.percent(score.base()) + ", tuned "
                                + Figures.percent(score.tuned()))
                        + "\">");
        for (int tick = 0; tick <= 100; tick += 25) {
            double at = SCALE.at(tick / 100.0);
            out.append(String.format(Locale.ROOT,
                    "<line class=\"grid\" x1=\"%.1f\" x2=\"%.1f\" y1=\"6\" y2=\"60\"/><text x=\"%.1f\" y=\"77\" text-anchor=\"middle\">%d %%</text>",
                    at, at, at, tick));
        }
        row(out, "base", 20, score.base());
        row(out, "tuned", 46, score.tuned());
        return out.append("</svg>").toString();
    }

    private static void row(StringBuilder out, String name, int y, Interval interval) {
        out.append(String.format(Locale.ROOT,
                "<g class=\"%s\"><title>%s</title><text x=\"42\" y=\"%d\" text-anchor=\"end\">%s</text>"
                        + "<line class=\"range\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/><circle cx=\"%.1f\" cy=\"%d\" r=\"5.5\"/></g>",
                name, Markup.escape(name + " " + Figures.percent(interval)), y + 4, name, at(interval.low()),
                at(interval.high()), y, y,
                at(interval.estimate()), y));
    }

    private static double at(double share) {
        return SCALE.at(Math.clamp(share, 0, 1));
    }
}
