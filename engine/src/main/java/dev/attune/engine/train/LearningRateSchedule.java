package dev.attune.engine.train;

/** The learning rate as a share of its peak, by progress. Pure functions, thread-safe. */
public sealed interface LearningRateSchedule {

    /**
     * @param progress share of the work done, 0 to 1
     * @return share of the peak, 0 to 1
     */
    double at(double progress);

    /** Rises for the first {@code warmup} share, then stays. */
    record Constant(double warmup) implements LearningRateSchedule {
        @Override
        public double at(double progress) {
            return rise(progress, warmup);
        }
    }

    /** Rises for the first {@code warmup} share, then falls in a straight line to 0. */
    record Linear(double warmup) implements LearningRateSchedule {
        @Override
        public double at(double progress) {
            return progress < warmup ? rise(progress, warmup) : Math.max(0, (1 - progress) / (1 - warmup));
        }
    }

    /** Rises for the first {@code warmup} share, then falls along half a cosine to {@code floor}. */
    record Cosine(double warmup, double floor) implements LearningRateSchedule {
        @Override
        public double at(double progress) {
            if (progress < warmup) {
                return rise(progress, warmup);
            }
            double done = Math.min(1, (progress - warmup) / (1 - warmup));
            return floor + (1 - floor) * 0.5 * (1 + Math.cos(Math.PI * done));
        }
    }

    /** Rises, stays, and falls in a straight line to 0 over the last {@code decay} share. */
    record Trapezoid(double warmup, double decay) implements LearningRateSchedule {
        @Override
        public double at(double progress) {
            double fall = Math.clamp((1 - progress) / decay, 0, 1);
            return Math.min(rise(progress, warmup), fall);
        }
    }

    private static double rise(double progress, double warmup) {
        return warmup <= 0 ? 1 : Math.min(1, progress / warmup);
    }
}
