package dev.attune.dataset.report;

import dev.attune.dataset.LabelBalance;
import dev.attune.dataset.TokenCount;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;

/** The plots of a report as inline SVG, coloured by the page's own variables. */
final class Plots {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 180;
    private static final int LEFT = 48;
    private static final int BOTTOM = 24;
    private static final int BINS = 32;
    private static final int MOST_POINTS = 2000;
    private static final int MOST_LABELS = 20;
    private static final int BAR = 22;
    private static final int LABEL_WIDTH = 170;

    private Plots() {}

    /**
     * How many rows have how many tokens.
     *
     * @param limit a line where the model's context ends; 0 for none
     */
    static String histogram(List<TokenCount> rows, ToLongFunction<TokenCount> number, int limit, String title) {
        if (rows.isEmpty()) {
            return "";
        }
        long most = Math.max(1, rows.stream().mapToLong(number).max().orElse(1));
        int[] counts = new int[BINS];
        rows.forEach(row -> counts[(int) Math.min(BINS - 1L, number.applyAsLong(row) * BINS / (most + 1))]++);
        int tallest = Math.max(1, Arrays.stream(counts).max().orElse(1));
        var svg = begin(title);
        double width = (WIDTH - LEFT - 8.0) / BINS;
        for (int i = 0; i < BINS; i++) {
            double height = (HEIGHT - BOTTOM - 8.0) * counts[i] / tallest;
            svg.append(text(
                    "<rect class=\"bar\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"><title>%,d to %,d: %,d</title></rect>",
                    LEFT + i * width, HEIGHT - BOTTOM - height, width - 1, height, i * (most + 1) / BINS,
                    Math.max(i * (most + 1) / BINS, (i + 1) * (most + 1) / BINS - 1), counts[i]));
        }
        if (limit > 0 && limit <= most) {
            double x = LEFT + (WIDTH - LEFT - 8.0) * limit / (most + 1);
            svg.append(
                    text("<line class=\"limit\" x1=\"%.1f\" y1=\"8\" x2=\"%.1f\" y2=\"%d\"/>", x, x, HEIGHT - BOTTOM));
        }
        return axes(svg, "0", text("%,d tokens", most), text("%,d rows", tallest));
    }

    /** Asked tokens against answered tokens, a point for each row, at most {@value #MOST_POINTS}. */
    static String scatter(List<TokenCount> rows, String title) {
        if (rows.isEmpty()) {
            return "";
        }
        long asked = Math.max(1, rows.stream().mapToLong(row -> row.total() - row.trained()).max().orElse(1));
        long answered = Math.max(1, rows.stream().mapToLong(TokenCount::trained).max().orElse(1));
        var svg = begin(title);
        int step = (rows.size() + MOST_POINTS - 1) / MOST_POINTS;
        for (int i = 0; i < rows.size(); i += step) {
            TokenCount row = rows.get(i);
            svg.append(text("<circle class=\"dot\" cx=\"%.1f\" cy=\"%.1f\" r=\"2.5\"/>",
                    LEFT + (WIDTH - LEFT - 8.0) * (row.total() - row.trained()) / asked,
                    HEIGHT - BOTTOM - (HEIGHT - BOTTOM - 8.0) * row.trained() / answered));
        }
        return axes(svg, "0", text("%,d not trained", asked), text("%,d trained", answered));
    }

    /** How often each label stands. */
    static String bars(LabelBalance label) {
        int most = Math.max(1, label.counts().values().stream().max(Integer::compare).orElse(1));
        List<Map.Entry<String, Integer>> shown = label.counts().entrySet().stream().limit(MOST_LABELS).toList();
        int height = shown.size() * BAR + 4;
        var svg = new StringBuilder(text("<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">", WIDTH, height,
                PageText.of(label.field().isEmpty() ? "answers" : label.field())));
        for (int i = 0; i < shown.size(); i++) {
            int y = i * BAR + 2;
            double width = (WIDTH - LABEL_WIDTH - 80.0) * shown.get(i).getValue() / most;
            svg.append(text("<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>", LABEL_WIDTH - 8, y + 15,
                    PageText.of(shortened(shown.get(i).getKey()))));
            svg.append(text("<rect class=\"bar\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>", LABEL_WIDTH, y,
                    Math.max(1, width), BAR - 4));
            svg.append(text("<text x=\"%.1f\" y=\"%d\">%,d</text>", LABEL_WIDTH + width + 6, y + 15,
                    shown.get(i).getValue()));
        }
        int more = label.counts().size() - shown.size();
        return svg + "</svg>" + (more > 0 ? text("<p class=\"dim\">and %,d more</p>", more) : "");
    }

    private static String shortened(String label) {
        String line = label.replaceAll("\\s+", " ");
        return line.codePointCount(0, line.length()) <= 24
                ? line
                : line.substring(0, line.offsetByCodePoints(0, 23)) + "…";
    }

    private static StringBuilder begin(String title) {
        return new StringBuilder(text("<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">", WIDTH, HEIGHT,
                PageText.of(title)));
    }

    private static String axes(StringBuilder svg, String from, String to, String high) {
        int floor = HEIGHT - BOTTOM;
        svg.append(
                text("<line class=\"axis\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>", LEFT, floor, WIDTH - 8, floor));
        svg.append(text("<text x=\"%d\" y=\"%d\">%s</text>", LEFT, HEIGHT - 6, PageText.of(from)));
        svg.append(
                text("<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>", WIDTH - 8, HEIGHT - 6, PageText.of(to)));
        svg.append(text("<text x=\"4\" y=\"14\">%s</text>", PageText.of(high)));
        return svg.append("</svg>").toString();
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
