package dev.attune.bench;

import dev.attune.engine.config.LoraConfig;
import dev.attune.engine.config.LoraTargets;
import dev.attune.engine.train.Hyperparameters;
import dev.attune.engine.train.JobDirectory;
import dev.attune.engine.train.JobSpec;
import dev.attune.engine.train.Progress;
import dev.attune.engine.train.TrainerProcess;
import dev.attune.engine.train.Tuning;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * One epoch of the trainer on a file of conversations: {@code ConversationBench MODEL_DIR TRAIN_FILE JOB_DIR}. Prints one
 * line of JSON with the real tokens a second between the first and the last step.
 */
public final class ConversationBench {
    private static final int BATCH = 8;

    private ConversationBench() {}

    public static void main(String[] arguments) throws Exception {
        var tuning = new Tuning.Lora(LoraConfig.of(8, 16, LoraTargets.allLinear()));
        var spec = JobSpec.of("bench", Path.of(arguments[0]), tuning, new Hyperparameters(1, BATCH, 1), 1);
        JobDirectory job = JobDirectory.create(Path.of(arguments[2]), spec, Path.of(arguments[1]));
        TrainerProcess.start(job).waitFor();
        List<Progress> progress = job.progress();
        List<Progress.Step> steps = progress.stream().filter(Progress.Step.class::isInstance)
                .map(Progress.Step.class::cast).toList();
        long tokens = progress.stream().filter(Progress.Started.class::isInstance).map(Progress.Started.class::cast)
                .findFirst().orElseThrow().tokensPerEpoch();
        int count = steps.getLast().totalSteps();
        int measured = steps.getLast().metrics().step() - steps.getFirst().metrics().step();
        double seconds = Duration.between(steps.getFirst().time(), steps.getLast().time()).toNanos() / 1e9;
        System.out.printf(Locale.ROOT, "{\"tokens_per_second\": %.1f, \"steps\": %d, \"tokens\": %d}%n",
                tokens * measured / (double) count / seconds, count, tokens);
    }
}
