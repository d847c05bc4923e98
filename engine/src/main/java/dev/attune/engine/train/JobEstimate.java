package dev.attune.engine.train;

import java.util.Locale;

/**
 * What a job will take, estimated before its first step.
 *
 * @param seconds time to its end
 * @param fastest lower bound of it
 * @param slowest upper bound of it
 * @param bytes most memory that its process will have resident; 0 where the system does not tell
 * @param leastBytes lower bound of it
 * @param mostBytes upper bound of it
 */
record JobEstimate(double seconds, double fastest, double slowest, double bytes, double leastBytes, double mostBytes) {
    /** How the sentence begins. */
    static final String BEGINNING = "Training will take";
    private static final double FASTER = 0.75;
    private static final double SLOWER = 1.4;
    /** What an example costs that is only measured, as a share of one that is trained. */
    static final double MEASURING = 0.35;

    /**
     * What passes through the model in all.
     *
     * @param trained tokens that are trained on
     * @param measured tokens that are only measured
     */
    record Work(double trained, double measured) {}

    /**
     * @param secondsPerToken of a probe step
     * @param resident most memory of the process so far, the probe step included; 0 where the system does not tell
     * @param planned memory by the shapes
     */
    static JobEstimate of(Work work, double secondsPerToken, double resident, double planned) {
        double seconds = secondsPerToken * (work.trained + MEASURING * work.measured);
        double bytes = resident == 0 ? 0 : 1.05 * resident;
        return new JobEstimate(seconds, FASTER * seconds, SLOWER * seconds, bytes, 0.95 * resident,
                resident == 0 ? 0 : Math.max(1.3 * resident, planned));
    }

    /** A sentence of time and memory with their bounds. */
    String told() {
        String time = BEGINNING + " about " + time(seconds) + " (" + time(fastest) + " to " + time(slowest) + ")";
        return bytes == 0
                ? time + "."
                : time + " and " + MemoryPlan.size(bytes) + " of memory (" + MemoryPlan.size(leastBytes) + " to "
                        + MemoryPlan.size(mostBytes) + ").";
    }

    /** How far it was from what came. */
    String compared(double took, double resident) {
        String time = "Training took " + time(took) + ", " + difference(took, seconds) + " the estimate of "
                + time(seconds);
        return bytes == 0 || resident == 0
                ? time + "."
                : time + ", and " + MemoryPlan.size(resident) + " of memory, " + difference(resident, bytes)
                        + " the estimate of " + MemoryPlan.size(bytes) + ".";
    }

    private static String difference(double actual, double estimated) {
        long percent = Math.round(100 * (actual - estimated) / Math.max(estimated, 1e-9));
        return Math.abs(percent) + " % " + (percent < 0 ? "below" : "above");
    }

    private static String time(double seconds) {
        if (seconds < 90) {
            return Math.max(1, Math.round(seconds)) + " s";
        }
        return seconds < 90 * 60
                ? Math.round(seconds / 60) + " min"
                : String.format(Locale.ROOT, "%.1f h", seconds / 3600);
    }
}
