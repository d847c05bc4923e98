package dev.attune.cli;

/** A progress bar as text: a heavy line that grows by half columns over a light one. */
final class Bar {
    private Bar() {}

    /**
     * Draws a bar.
     *
     * @param fraction how much is done, 0 to 1; values outside are clamped
     * @param columns the bar's width, at least 1
     */
    static String draw(Screen screen, double fraction, int columns) {
        double clamped = Double.isNaN(fraction) ? 0 : Math.clamp(fraction, 0.0, 1.0);
        int halves = (int) Math.round(clamped * columns * 2);
        String done = "━".repeat(halves / 2) + (halves % 2 == 1 ? "╸" : "");
        String rest = "─".repeat(columns - (halves + 1) / 2);
        return screen.paint(Style.GREEN, done) + screen.paint(Style.DIM, rest);
    }
}
