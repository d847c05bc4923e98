package dev.attune.engine;

/**
 * How fast training goes of late: a mean in which a step ten seconds ago counts a third of one now. Not thread-safe.
 */
final class TrainingPace {
    private static final double MEMORY_SECONDS = 10;

    private double seconds;
    private double tokens;
    private double steps;

    void add(double stepSeconds, long stepTokens) {
        double fade = Math.exp(-stepSeconds / MEMORY_SECONDS);
        seconds = seconds * fade + stepSeconds;
        tokens = tokens * fade + stepTokens;
        steps = steps * fade + 1;
    }

    double tokensPerSecond() {
        return seconds == 0 ? 0 : tokens / seconds;
    }

    double secondsFor(int moreSteps) {
        return steps == 0 ? 0 : moreSteps * seconds / steps;
    }
}
