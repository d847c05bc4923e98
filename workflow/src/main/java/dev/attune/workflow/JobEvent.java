package dev.attune.workflow;

import com.openai.core.JsonValue;
import com.openai.models.finetuning.jobs.FineTuningJobEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Something that happened to a fine-tuning job while it was followed. */
public sealed interface JobEvent {

    /**
     * A sentence of the server.
     *
     * @param level {@code info}, {@code warn} or {@code error}
     */
    record Message(String id, Instant at, String level, String text) implements JobEvent {}

    /**
     * Where training stands. A number that the server does not give is NaN.
     *
     * @param totalSteps steps in the whole job, or 0 where it is not known
     * @param trainAccuracy share of trained tokens predicted exactly, 0 to 1
     * @param validLoss loss on a small batch of the validation file
     * @param fullValidLoss loss on the whole validation file, given at the end of an epoch
     */
    record Metrics(String id, Instant at, String text, int step, int totalSteps, double trainLoss, double trainAccuracy,
            double validLoss, double validAccuracy, double fullValidLoss, double fullValidAccuracy,
            double tokensPerSecond,
            double secondsLeft) implements JobEvent {}

    /**
     * A checkpoint that can be used as a model.
     *
     * @param model its name, or the empty string where the server does not say it
     */
    record Checkpoint(String id, Instant at, String text, int step, String model) implements JobEvent {}

    /** The job's status is another one than at the last look. */
    record StatusChanged(TuningJob job) implements JobEvent {}

    /** The server does not answer just now; it is asked again. */
    record ConnectionLost(String reason, Duration retryIn) implements JobEvent {}

    /** The job succeeded, failed or was cancelled; always the last event. */
    record Finished(TuningJob job) implements JobEvent {}

    /** Reads an event of the wire; metrics stand in its data or, at some servers, only in its message. */
    static JobEvent of(FineTuningJobEvent event) {
        String id = identity(event);
        Instant at = Instant.ofEpochSecond(Math.max(0, WireValues.number(event._createdAt(), 0)));
        String text = WireValues.text(event._message());
        String type = event._type().asKnown().map(FineTuningJobEvent.Type::asString).orElse("");
        Map<String, JsonValue> data = WireValues.object(event._data());
        Matcher checkpoint = Patterns.CHECKPOINT.matcher(text);
        if (checkpoint.find()) {
            String model = checkpoint.group(2);
            return new Checkpoint(id, at, text, Integer.parseInt(checkpoint.group(1)), model == null ? "" : model);
        }
        Matcher step = Patterns.STEP.matcher(text);
        if ((type.equals("metrics") || step.find()) && !Double.isNaN(value(data, "step", text, Patterns.STEP))) {
            return metrics(id, at, text, data);
        }
        String level = event._level().asKnown().map(FineTuningJobEvent.Level::asString).orElse("info");
        return new Message(id, at, level, text);
    }

    /** The id, or, where a server gives none, what tells the event from others. */
    static String identity(FineTuningJobEvent event) {
        String id = WireValues.text(event._id());
        return id.isEmpty() ? WireValues.number(event._createdAt(), 0) + " " + WireValues.text(event._message()) : id;
    }

    private static Metrics metrics(String id, Instant at, String text, Map<String, JsonValue> data) {
        double total = value(data, "total_steps", text, Patterns.TOTAL);
        return new Metrics(id, at, text, (int) value(data, "step", text, Patterns.STEP),
                Double.isNaN(total) ? 0 : (int) total,
                value(data, "train_loss", text, Patterns.TRAIN_LOSS),
                WireValues.number(data, "train_mean_token_accuracy"),
                value(data, "valid_loss", text, Patterns.VALID_LOSS),
                WireValues.number(data, "valid_mean_token_accuracy"),
                value(data, "full_valid_loss", text, Patterns.FULL_VALID_LOSS),
                WireValues.number(data, "full_valid_mean_token_accuracy"),
                WireValues.number(data, "tokens_per_second"),
                WireValues.number(data, "seconds_left"));
    }

    private static double value(Map<String, JsonValue> data, String key, String text, Pattern inText) {
        double value = WireValues.number(data, key);
        if (!Double.isNaN(value)) {
            return value;
        }
        Matcher matcher = inText.matcher(text);
        return matcher.find() ? Double.parseDouble(matcher.group(1)) : Double.NaN;
    }

    /** How servers word what they do not say in data. */
    final class Patterns {
        private static final String NUMBER = "(\\d{1,15}(?:\\.\\d{1,15})?(?:[eE]-?\\d{1,3})?)";
        private static final Pattern STEP = Pattern.compile("^Step (\\d{1,9})(?:/\\d{1,9})?\\s*[:,]");
        private static final Pattern TOTAL = Pattern.compile("^Step \\d{1,9}/(\\d{1,9})");
        private static final Pattern TRAIN_LOSS = Pattern.compile("training loss=" + NUMBER);
        private static final Pattern VALID_LOSS = Pattern.compile("(?<!full )validation loss=" + NUMBER);
        private static final Pattern FULL_VALID_LOSS = Pattern.compile("full validation loss=" + NUMBER);
        private static final Pattern CHECKPOINT = Pattern
                .compile("^Checkpoint created at step (\\d{1,9})(?: with Snapshot ID: (\\S+))?");

        private Patterns() {}
    }
}
