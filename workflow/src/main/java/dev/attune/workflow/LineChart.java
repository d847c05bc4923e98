package dev.attune.workflow;

import dev.attune.evals.decide.Markup;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Curves over training steps as an inline SVG: axes, ticks, a legend, and a title for each point under the pointer.
 * Colours come from the page's style sheet by class, so the chart follows light and dark.
 */
final class LineChart {
    private static final int WIDTH = 860;
    private static final int HEIGHT = 300;
    private static final int LEFT = 56;
    private static final int RIGHT = 16;
    private static final int TOP = 34;
    private static final int BOTTOM = 42;
    /** More points than pixels say nothing more. */
    private static final int MOST_POINTS = 500;

    /** A point; values that are not finite are left out. */
    record Point(double x, double y, String title) {}

    /**
     * A curve.
     *
     * @param style class of the style sheet: {@code raw}, {@code train}, {@code valid}, {@code full}
     * @param marks whether each point bears a mark
     */
    record Series(String name, String style, boolean marks, List<Point> points) {
        Series {
            points = points.stream().filter(p -> Double.isFinite(p.x()) && Double.isFinite(p.y())).toList();
        }
    }

    private final String label;
    private final List<Series> series;
    private final Axis x;
    private final Axis y;
    private final StringBuilder out = new StringBuilder();

    private LineChart(String label, List<Series> series, boolean fromZero) {
        this.label = label;
        this.series = series;
        List<Point> all = series.stream().flatMap(s -> s.points().stream()).toList();
        double lowest = all.stream().mapToDouble(Point::y).min().orElse(0);
        double highest = all.stream().mapToDouble(Point::y).max().orElse(1);
        double lastX = all.stream().mapToDouble(Point::x).max().orElse(1);
        double firstX = all.stream().mapToDouble(Point::x).min().orElse(0);
        this.x = new Axis(Math.min(firstX, lastX - 1), lastX, LEFT, WIDTH - RIGHT);
        this.y = Axis.over(fromZero ? Math.min(0, lowest) : lowest, highest, 5, HEIGHT - BOTTOM, TOP);
    }

    /** The chart, or the empty string where there is nothing to draw. */
    static String svg(String label, List<Series> series, boolean fromZero) {
        List<Series> drawn = series.stream().filter(s -> !s.points().isEmpty()).toList();
        return drawn.isEmpty() ? "" : new LineChart(label, drawn, fromZero).draw();
    }

    /**
     * Each point's mean with its neighbours, near ones weighing more (a triangle that reaches {@code reach} points to each
     * side), so that the curve is smooth and does not lag behind.
     */
    static List<Point> smoothed(List<Point> points, int reach) {
        List<Point> finite = points.stream().filter(p -> Double.isFinite(p.y())).toList();
        var result = new ArrayList<Point>();
        for (int i = 0; i < finite.size(); i++) {
            double sum = 0;
            double weights = 0;
            for (int j = Math.max(0, i - reach); j <= Math.min(finite.size() - 1, i + reach); j++) {
                double weight = reach + 1 - Math.abs(i - j);
                sum += weight * finite.get(j).y();
                weights += weight;
            }
            result.add(new Point(finite.get(i).x(), sum / weights, finite.get(i).title()));
        }
        return result;
    }

    private String draw() {
        out.append(String.format(Locale.ROOT,
                "<svg class=\"chart\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">", WIDTH, HEIGHT,
                Markup.escape(label)));
        axes();
        legend();
        for (Series s : series) {
            List<Point> points = thinned(s.points());
            if (points.size() > 1) {
                line(s, points);
            }
            for (Point p : points) {
                boolean mark = s.marks() || points.size() == 1;
                if (mark || !s.style().equals("raw")) {
                    out.append(String.format(Locale.ROOT,
                            "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"%s\"><title>%s</title></circle>",
                            mark ? "mark " + s.style() : "hit", x.at(p.x()), y.at(p.y()), mark ? "3.5" : "6",
                            Markup.escape(p.title())));
                }
            }
        }
        return out.append("</svg>").toString();
    }

    private void line(Series s, List<Point> points) {
        out.append("<polyline class=\"line ").append(s.style()).append("\" points=\"");
        points.forEach(p -> out.append(String.format(Locale.ROOT, "%.1f,%.1f ", x.at(p.x()), y.at(p.y()))));
        out.setLength(out.length() - 1);
        out.append("\"/>");
    }

    private void axes() {
        for (double tick : y.ticks(5)) {
            double at = y.at(tick);
            out.append(String.format(Locale.ROOT, "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>",
                    LEFT, WIDTH - RIGHT, at, at));
            text(LEFT - 8, at + 4, "end", Axis.label(tick));
        }
        for (double tick : x.ticks(8)) {
            if (tick == Math.rint(tick)) {
                text(x.at(tick), HEIGHT - BOTTOM + 18, "middle", Axis.label(tick));
            }
        }
        text((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 6, "middle", "step");
    }

    private void legend() {
        double at = LEFT;
        for (Series s : series) {
            out.append(String.format(Locale.ROOT,
                    "<line class=\"line %s\" x1=\"%.1f\" x2=\"%.1f\" y1=\"14\" y2=\"14\"/>", s.style(), at, at + 22));
            text(at + 28, 18, "start", s.name());
            at += 48 + 7.2 * s.name().length();
        }
    }

    private void text(double atX, double atY, String anchor, String value) {
        out.append(String.format(Locale.ROOT, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>", atX, atY,
                anchor, Markup.escape(value)));
    }

    private static List<Point> thinned(List<Point> points) {
        int every = (points.size() + MOST_POINTS - 1) / MOST_POINTS;
        if (every <= 1) {
            return points;
        }
        var kept = new ArrayList<Point>();
        for (int i = 0; i < points.size(); i += every) {
            kept.add(points.get(i));
        }
        if (!kept.getLast().equals(points.getLast())) {
            kept.add(points.getLast());
        }
        return kept;
    }
}
