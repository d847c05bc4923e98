package dev.attune.evals;

/** Ratings that move with every game (Elo 1978); the order of games matters, so strengths of a finished set are better fitted. */
public final class Elo {
    private Elo() {}

    /** The share of points that the first is expected to win. */
    public static double expected(double first, double second) {
        return 1 / (1 + Math.pow(10, (second - first) / 400));
    }

    /** The first's new rating after a game: {@code outcome} 1 won, 0.5 tied, 0 lost; {@code k} points at stake. */
    public static double after(double first, double second, double outcome, double k) {
        return first + k * (outcome - expected(first, second));
    }
}
