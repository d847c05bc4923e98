package dev.attune.server.graders;

import dev.attune.server.protocol.InProcess;
import dev.attune.server.protocol.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** One answer under one grader. What goes wrong on the way makes the reward 0 and is told beside it. Used once. */
final class GraderRun {
    private static final String CHAT = "/v1/chat/completions";

    private final InProcess server;
    private final ObjectNode context;
    private final GraderErrors errors = new GraderErrors();
    private final Map<String, ObjectNode> usage = new TreeMap<>();
    private @Nullable String sampledModel;

    /**
     * @param server whose models are asked
     * @param sample the answer that is graded
     * @param item what templates can name besides it
     */
    GraderRun(InProcess server, String sample, JsonNode item) {
        this.server = server;
        this.context = GraderTemplate.context(sample, item);
    }

    GraderWire.GraderResult run(Grader grader) {
        long began = System.nanoTime();
        Map<String, Double> parts = new LinkedHashMap<>();
        double reward = switch (grader) {
            case Grader.Multi multi -> multi(multi, parts);
            default -> {
                double single = guarded(grader);
                parts.put(grader.name(), single);
                yield single;
            }
        };
        ObjectNode scores = Json.object();
        parts.forEach(scores::put);
        long tokens = usage.values().stream().mapToLong(one -> one.path("total_tokens").asLong()).sum();
        ObjectNode perModel = Json.object();
        usage.forEach(perModel::set);
        double seconds = (System.nanoTime() - began) / 1e9;
        return new GraderWire.GraderResult(reward,
                new GraderWire.GraderMetadata(grader.name(), grader.type(), errors.wire(),
                        seconds, scores, usage.isEmpty() ? null : tokens, sampledModel),
                grader instanceof Grader.Multi ? scores.deepCopy() : Json.object(), perModel);
    }

    private double multi(Grader.Multi multi, Map<String, Double> parts) {
        multi.graders().forEach((key, grader) -> parts.put(key, guarded(grader)));
        double value = multi.output().value(parts);
        if (!Double.isFinite(value)) {
            errors.add(GraderErrors.Kind.OTHER_ERROR);
            return 0;
        }
        return value;
    }

    private double guarded(Grader grader) {
        try {
            return reward(grader);
        } catch (GraderTemplate.MissingException e) {
            errors.add(e.isOfOutputJson()
                    ? GraderErrors.Kind.SAMPLE_PARSE_ERROR
                    : GraderErrors.Kind.INVALID_VARIABLE_ERROR);
            return 0;
        }
    }

    private double reward(Grader grader) {
        return switch (grader) {
            case Grader.StringCheck check -> holds(check.operation(), fill(check.input()), fill(check.reference()))
                    ? 1
                    : 0;
            case Grader.TextSimilarity alike ->
                GraderSimilarity.of(alike.metric(), fill(alike.reference()), fill(alike.input()));
            case Grader.ScoreModel judge -> score(judge);
            case Grader.LabelModel judge -> label(judge);
            case Grader.Multi multi -> throw new IllegalStateException("a multi grader inside another one");
        };
    }

    private static boolean holds(String operation, String input, String reference) {
        return switch (operation) {
            case "eq" -> input.equals(reference);
            case "ne" -> !input.equals(reference);
            case "like" -> input.contains(reference);
            default -> input.toLowerCase(Locale.ROOT).contains(reference.toLowerCase(Locale.ROOT));
        };
    }

    private double score(Grader.ScoreModel judge) {
        String answer = ask(judge.model(), judge.input(), judge.sampling());
        double number = number(answer);
        if (Double.isNaN(number)) {
            if (errors.isEmpty()) {
                errors.add(GraderErrors.Kind.MODEL_GRADER_PARSE_ERROR);
            }
            return 0;
        }
        return Math.clamp(number, judge.low(), judge.high());
    }

    /** A number, or an object with the number under {@code result} or {@code score}; else not a number. */
    private static double number(String answer) {
        String text = answer.strip();
        try {
            JsonNode node = Json.tree(text);
            for (String key : List.of("result", "score")) {
                if (node.path(key).isNumber()) {
                    return node.path(key).asDouble();
                }
            }
            return node.isNumber() ? node.asDouble() : Double.NaN;
        } catch (JacksonException e) {
            return Double.NaN;
        }
    }

    private double label(Grader.LabelModel judge) {
        String answer = ask(judge.model(), judge.input(), Json.object()).strip();
        String given = judge.labels().stream().filter(label -> label.strip().equalsIgnoreCase(answer)).findFirst()
                .orElse("");
        if (given.isEmpty() && errors.isEmpty()) {
            errors.add(GraderErrors.Kind.MODEL_GRADER_PARSE_ERROR);
        }
        return judge.passing().contains(given) ? 1 : 0;
    }

    /** What a model answers; the empty text where it cannot, which is then among the errors. */
    private String ask(String model, List<Grader.Turn> turns, JsonNode sampling) {
        ObjectNode request = Json.object().put("model", model);
        ArrayNode messages = request.putArray("messages");
        turns.forEach(turn -> messages.addObject().put("role", turn.role()).put("content", fill(turn.text())));
        sampling.properties().forEach(option -> request.set(option.getKey(), option.getValue()));
        InProcess.Reply reply = server.post(CHAT, request);
        sampledModel = model;
        if (!reply.isOk()) {
            errors.server(reply.error());
            return "";
        }
        count(model, reply.body().path("usage"));
        JsonNode message = reply.body().path("choices").path(0).path("message");
        if (message.path("refusal").isString()) {
            errors.add(GraderErrors.Kind.MODEL_GRADER_REFUSAL_ERROR);
        }
        return message.path("content").asString("");
    }

    private void count(String model, JsonNode spent) {
        ObjectNode all = usage.computeIfAbsent(model, key -> Json.object());
        for (String key : List.of("prompt_tokens", "completion_tokens", "total_tokens")) {
            all.put(key, all.path(key).asLong(0) + spent.path(key).asLong(0));
        }
    }

    private String fill(String template) {
        return GraderTemplate.fill(template, context);
    }
}
