package dev.attune.engine.train;

import dev.attune.engine.EngineException;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A {@link Progress} as one line of JSON; figures that were not measured are left out. */
final class ProgressJson {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private ProgressJson() {}

    static String write(Progress progress) {
        ObjectNode node = JSON.createObjectNode();
        node.put("seq", progress.seq()).put("time", progress.time().toString());
        switch (progress) {
            case Progress.Started p -> node.put("type", "started").put("total_steps", p.totalSteps())
                    .put("training_examples", p.trainingExamples()).put("validation_examples", p.validationExamples())
                    .put("tokens_per_epoch", p.tokensPerEpoch());
            case Progress.Step p -> {
                node.put("type", "step").put("total_steps", p.totalSteps()).put("epoch", p.epoch());
                write(p.metrics(), node);
                node.put("tokens_per_second", p.tokensPerSecond()).put("seconds_left", p.secondsLeft());
            }
            case Progress.CheckpointSaved p -> {
                node.put("type", "checkpoint").put("epoch", p.epoch()).put("path", p.path());
                write(p.metrics(), node);
            }
            case Progress.Note p -> node.put("type", "note").put("level", p.level().name().toLowerCase(Locale.ROOT))
                    .put("message", p.message());
            case Progress.Succeeded p -> node.put("type", "succeeded").put("trained_tokens", p.trainedTokens());
            case Progress.Failed p -> node.put("type", "failed").put("code", p.code()).put("message", p.message())
                    .put("param", p.param());
            case Progress.Cancelled p -> node.put("type", "cancelled");
        }
        return JSON.writeValueAsString(node);
    }

    static Progress read(String line, Path file) {
        try {
            return read(JSON.readTree(line));
        } catch (JacksonException | IllegalArgumentException | java.time.DateTimeException e) {
            throw new EngineException("A line of " + file + " is not a job's progress: the file was changed by hand; "
                    + "create the job again.", e);
        }
    }

    private static Progress read(JsonNode node) {
        long seq = node.required("seq").asLong();
        Instant time = Instant.parse(node.required("time").asString());
        String type = node.required("type").asString();
        return switch (type) {
            case "started" -> new Progress.Started(seq, time, node.path("total_steps").asInt(),
                    node.path("training_examples").asInt(), node.path("validation_examples").asInt(),
                    node.path("tokens_per_epoch").asLong());
            case "step" -> new Progress.Step(seq, time, node.path("total_steps").asInt(), node.path("epoch").asInt(),
                    metrics(node), node.path("tokens_per_second").asDouble(), node.path("seconds_left").asDouble());
            case "checkpoint" -> new Progress.CheckpointSaved(seq, time, node.path("step").asInt(),
                    node.path("epoch").asInt(), node.path("path").asString(), metrics(node));
            case "note" -> new Progress.Note(seq, time,
                    Progress.Level.valueOf(node.path("level").asString().toUpperCase(Locale.ROOT)),
                    node.path("message").asString());
            case "succeeded" -> new Progress.Succeeded(seq, time, node.path("trained_tokens").asLong());
            case "failed" -> new Progress.Failed(seq, time, node.path("code").asString(),
                    node.path("message").asString(), node.path("param").asString());
            case "cancelled" -> new Progress.Cancelled(seq, time);
            default -> throw new IllegalArgumentException("unknown type " + type);
        };
    }

    static void write(StepMetrics metrics, ObjectNode node) {
        node.put("step", metrics.step());
        put(node, "train_loss", metrics.trainLoss());
        put(node, "train_accuracy", metrics.trainAccuracy());
        put(node, "valid_loss", metrics.validLoss());
        put(node, "valid_accuracy", metrics.validAccuracy());
        put(node, "full_valid_loss", metrics.fullValidLoss());
        put(node, "full_valid_accuracy", metrics.fullValidAccuracy());
        write(metrics.rewards(), "", node);
        write(metrics.validRewards(), "valid_", node);
    }

    private static void write(Rewards rewards, String prefix, ObjectNode node) {
        put(node, prefix + "reward_accuracy", rewards.accuracy());
        put(node, prefix + "reward_margin", rewards.margin());
        put(node, prefix + "reward_preferred", rewards.preferred());
        put(node, prefix + "reward_other", rewards.other());
    }

    private static Rewards rewards(JsonNode node, String prefix) {
        return new Rewards(figure(node, prefix + "reward_accuracy"), figure(node, prefix + "reward_margin"),
                figure(node, prefix + "reward_preferred"), figure(node, prefix + "reward_other"));
    }

    static StepMetrics metrics(JsonNode node) {
        return new StepMetrics(node.path("step").asInt(), figure(node, "train_loss"), figure(node, "train_accuracy"),
                figure(node, "valid_loss"), figure(node, "valid_accuracy"), figure(node, "full_valid_loss"),
                figure(node, "full_valid_accuracy"), rewards(node, ""), rewards(node, "valid_"));
    }

    private static void put(ObjectNode node, String name, double figure) {
        if (Double.isFinite(figure)) {
            node.put(name, figure);
        }
    }

    private static double figure(JsonNode node, String name) {
        return node.path(name).asDouble(Double.NaN);
    }
}
