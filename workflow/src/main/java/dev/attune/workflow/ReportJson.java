package dev.attune.workflow;

import dev.attune.evals.Interval;
import dev.attune.evals.PairedComparison;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The numbers of a report for machines; what is not known or not finite is null. */
final class ReportJson {
    private static final JsonMapper JSON = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private ReportJson() {}

    static String of(RunReport report) {
        ObjectNode root = JSON.createObjectNode();
        root.put("name", report.name()).put("finished_at", report.finishedAt().toString())
                .put("base_model", report.baseModel()).put("compared_model", report.comparedModel())
                .put("tuned_model", report.tunedModel())
                .put("headline", report.headlineSentence())
                .put("verdict", Figures.verdict(report.headline()));
        ArrayNode scores = root.putArray("scores");
        report.scores().forEach(score -> score(scores.addObject(), score));
        root.put("misses", report.misses());
        examples(root.putArray("examples"), report);
        curve(root.putArray("curve"), report);
        DataSummary data = report.data();
        ObjectNode dataset = root.putObject("data");
        dataset.put("file", data.file()).put("sha256", data.sha256()).put("rows", data.rows())
                .put("warnings", data.warnings())
                .put("advice", data.advice());
        count(dataset, "tokens", data.tokens());
        count(dataset, "trained_tokens", data.trainedTokens());
        count(dataset, "longest_row", data.longestRow());
        data.notes().forEach(dataset.putArray("notes")::add);
        data.estimates().forEach(dataset.putArray("estimates")::add);
        SplitSummary split = report.split();
        root.putObject("split").put("train", split.train()).put("validation", split.validation())
                .put("test", split.test())
                .put("train_sha256", split.trainSha256()).put("validation_sha256", split.validationSha256())
                .put("test_sha256", split.testSha256());
        ObjectNode lineage = root.putObject("lineage");
        report.lineage().forEach(lineage::put);
        ObjectNode seconds = root.putObject("seconds");
        report.secondsByStep().forEach((step, value) -> number(seconds, step, value));
        return JSON.writeValueAsString(root) + "\n";
    }

    private static void score(ObjectNode node, PairedComparison score) {
        node.put("scorer", score.scorer());
        interval(node.putObject("base"), score.base());
        interval(node.putObject("tuned"), score.tuned());
        interval(node.putObject("difference"), score.difference());
        number(node, "p_value", score.pValue());
        node.put("test", score.test()).put("n", score.n()).put("better_on", score.wins()).put("worse_on",
                score.losses());
    }

    private static void interval(ObjectNode node, Interval interval) {
        number(node, "estimate", interval.estimate());
        number(node, "low", interval.low());
        number(node, "high", interval.high());
    }

    private static void examples(ArrayNode nodes, RunReport report) {
        for (Comparison row : report.examples()) {
            ObjectNode node = nodes.addObject();
            node.put("line", row.line()).put("question", row.question()).put("expected", row.expected())
                    .put("base", row.base())
                    .put("tuned", row.tuned());
            ObjectNode base = node.putObject("base_scores");
            row.baseScores().forEach((name, value) -> number(base, name, value));
            ObjectNode tuned = node.putObject("tuned_scores");
            row.tunedScores().forEach((name, value) -> number(tuned, name, value));
        }
    }

    private static void curve(ArrayNode nodes, RunReport report) {
        for (JobEvent.Metrics m : report.curve()) {
            ObjectNode node = nodes.addObject();
            node.put("step", m.step());
            number(node, "train_loss", m.trainLoss());
            number(node, "train_accuracy", m.trainAccuracy());
            number(node, "valid_loss", m.validLoss());
            number(node, "valid_accuracy", m.validAccuracy());
            number(node, "full_valid_loss", m.fullValidLoss());
            number(node, "full_valid_accuracy", m.fullValidAccuracy());
            number(node, "tokens_per_second", m.tokensPerSecond());
        }
    }

    private static void number(ObjectNode node, String key, double value) {
        if (Double.isFinite(value)) {
            node.put(key, value);
        } else {
            node.putNull(key);
        }
    }

    private static void count(ObjectNode node, String key, long value) {
        if (value >= 0) {
            node.put(key, value);
        } else {
            node.putNull(key);
        }
    }
}
