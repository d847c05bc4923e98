package dev.attune.cli;

import dev.attune.workflow.FineTuning;
import dev.attune.workflow.JobEvent;
import dev.attune.workflow.TuningJob;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * How a job that is being followed looks: on a terminal one line with a bar, loss, accuracy, speed and time left that is
 * drawn at every step; piped, a line at about every tenth of the way or every twenty seconds.
 */
final class JobView implements Consumer<JobEvent> {
    private static final int LINES_WHEN_PIPED = 10;
    private static final long LONGEST_SILENCE_NANOS = 20_000_000_000L;

    private final Screen screen;
    private final long beganNanos = System.nanoTime();
    private int lastTenth = -1;
    private long lastLineNanos = beganNanos;
    private double validLoss = Double.NaN;
    private double validAccuracy = Double.NaN;
    private boolean lost;

    JobView(Screen screen) {
        this.screen = screen;
    }

    /** Follows a job to its end and says how to use what came out; the result is the command's exit code. */
    static int follow(Screen screen, FineTuning server, String jobId, ServerOptions options)
            throws InterruptedException {
        TuningJob job = server.follower(jobId).follow(new JobView(screen));
        screen.wipe();
        if (!job.succeeded()) {
            return CommandException.FAILED;
        }
        String base = options.baseUrl.isBlank() ? "" : " --base-url " + options.baseUrl;
        screen.line("talk to it: attune chat " + job.tunedModel() + base);
        return 0;
    }

    @Override
    public void accept(JobEvent event) {
        if (lost && !(event instanceof JobEvent.ConnectionLost)) {
            lost = false;
            screen.line("the server answers again");
        }
        switch (event) {
            case JobEvent.Message e when e.level().equals("error") ->
                screen.line("  " + screen.paint(Style.RED, e.text()));
            case JobEvent.Message e when e.level().equals("warn") ->
                screen.line("  " + screen.paint(Style.YELLOW, e.text()));
            case JobEvent.Message e -> screen.line("  " + e.text());
            case JobEvent.Metrics e -> step(e);
            case JobEvent.Checkpoint e -> screen.line("  " + screen.paint(Style.DIM, e.text()));
            case JobEvent.StatusChanged e -> screen.update("  " + status(screen, e.job().status()));
            case JobEvent.ConnectionLost e -> {
                if (!lost) {
                    screen.line("  " + screen.paint(Style.YELLOW,
                            "the server does not answer (" + e.reason() + "), trying again"));
                }
                lost = true;
            }
            case JobEvent.Finished e -> finished(e.job());
        }
    }

    private void step(JobEvent.Metrics e) {
        if (!Double.isNaN(e.fullValidLoss())) {
            validLoss = e.fullValidLoss();
            validAccuracy = e.fullValidAccuracy();
        } else if (!Double.isNaN(e.validLoss()) && Double.isNaN(validLoss)) {
            validLoss = e.validLoss();
            validAccuracy = e.validAccuracy();
        }
        double fraction = e.totalSteps() > 0 ? (double) e.step() / e.totalSteps() : 0;
        if (screen.isLive()) {
            String numbers = numbers(e);
            int bar = Math.clamp(screen.width() - Screen.columns(numbers) - 8, 8, 40);
            screen.update("  " + Bar.draw(screen, fraction, bar) + " " + numbers);
            return;
        }
        int tenth = (int) (fraction * LINES_WHEN_PIPED);
        long now = System.nanoTime();
        if (tenth != lastTenth || e.step() == e.totalSteps() || now - lastLineNanos > LONGEST_SILENCE_NANOS) {
            lastTenth = tenth;
            lastLineNanos = now;
            screen.line("  " + numbers(e));
        }
    }

    /** {@code step 120/300  loss 0.412  accuracy 91.2 %  valid 0.455 (90.1 %)  2,106 tok/s  45 s left}. */
    private String numbers(JobEvent.Metrics e) {
        var text = new StringBuilder("step ").append(e.step());
        if (e.totalSteps() > 0) {
            text.append('/').append(e.totalSteps());
        }
        if (!Double.isNaN(e.trainLoss())) {
            text.append(screen.paint(Style.CYAN, String.format(Locale.ROOT, "  loss %.3f", e.trainLoss())));
        }
        if (!Double.isNaN(e.trainAccuracy())) {
            text.append("  accuracy ").append(Words.percent(e.trainAccuracy()));
        }
        if (!Double.isNaN(validLoss)) {
            text.append(String.format(Locale.ROOT, "  valid %.3f", validLoss));
            text.append(Double.isNaN(validAccuracy) ? "" : " (" + Words.percent(validAccuracy) + ")");
        }
        if (!Double.isNaN(e.tokensPerSecond())) {
            text.append("  ").append(Words.count(Math.round(e.tokensPerSecond()))).append(" tok/s");
        }
        if (!Double.isNaN(e.secondsLeft())) {
            text.append("  ").append(Words.duration(Duration.ofSeconds(Math.round(e.secondsLeft())))).append(" left");
        }
        return text.toString();
    }

    private void finished(TuningJob job) {
        String took = " after " + Words.duration(Duration.ofNanos(System.nanoTime() - beganNanos));
        if (job.succeeded()) {
            String tokens = job.trainedTokens() < 0 ? "" : ", " + Words.count(job.trainedTokens()) + " tokens trained";
            screen.line("  " + screen.paint(Style.GREEN, "✔") + " tuned model "
                    + screen.paint(Style.BOLD, job.tunedModel()) + took + tokens);
        } else {
            String why = job.errorMessage().isEmpty() ? "" : ": " + job.errorMessage();
            screen.line("  " + screen.paint(Style.RED, "✘ job " + job.id() + " " + job.status() + why));
        }
    }

    /** A status in its colour. */
    static String status(Screen screen, String status) {
        return switch (status) {
            case "succeeded" -> screen.paint(Style.GREEN, status);
            case "failed" -> screen.paint(Style.RED, status);
            case "running", "validating_files", "queued" -> screen.paint(Style.CYAN, status);
            default -> screen.paint(Style.YELLOW, status);
        };
    }
}
