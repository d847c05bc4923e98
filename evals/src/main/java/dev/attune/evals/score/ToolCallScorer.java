package dev.attune.evals.score;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * The tools that the answer calls against those expected: F1 over calls. A call with the right name and the right arguments
 * counts whole, one with the right name counts by the share of arguments it has right. Expected calls are written as
 * {@code name({…})}, one a line, or as JSON: {@code [{"name": …, "arguments": {…}}]}, also in OpenAI's form.
 */
final class ToolCallScorer implements Scorer {
    private static final Pattern CALL = Pattern.compile("^\\s*([\\w.\\-]+)\\((.*)\\)\\s*$");

    private record Call(String name, Optional<JsonNode> arguments) {}

    private final boolean namesOnly;

    ToolCallScorer(boolean namesOnly) {
        this.namesOnly = namesOnly;
    }

    @Override
    public String name() {
        return "tool_calls";
    }

    @Override
    public Score score(Sample sample) {
        List<Call> want = written(sample.reference());
        List<Call> got = sample.answer().toolCalls().isEmpty()
                ? written(sample.text())
                : sample.answer().toolCalls().stream().map(call -> new Call(call.name(), Json.strict(call.arguments())))
                        .toList();
        if (want.isEmpty()) {
            return Score.of(got.isEmpty(), "a tool is called where none is expected", "Answer without calling a tool.");
        }
        var open = new ArrayList<>(got);
        double matched = 0;
        var wrong = new ArrayList<String>();
        for (Call call : want) {
            Call best = null;
            double credit = 0;
            for (Call candidate : open) {
                double c = credit(call, candidate);
                if (c > credit) {
                    best = candidate;
                    credit = c;
                }
            }
            if (best != null) {
                open.remove(best);
            }
            matched += credit;
            if (credit < 1) {
                wrong.add(best == null ? call.name() + " is not called" : call.name() + " has wrong arguments");
            }
        }
        open.forEach(call -> wrong.add(call.name() + " is not expected"));
        double value = got.isEmpty() ? 0 : 2 * matched / (want.size() + got.size());
        return value >= 1 ? Score.right() : new Score(value, String.join("; ", wrong));
    }

    private double credit(Call want, Call got) {
        if (!want.name().equals(got.name())) {
            return 0;
        }
        if (namesOnly || want.arguments().equals(got.arguments())) {
            return 1;
        }
        if (want.arguments().isEmpty() || got.arguments().isEmpty()) {
            return 0.5;
        }
        return 0.5 + 0.5 * new JsonFieldsScorer(java.util.Map.of())
                .score(want.arguments().get().toString(), got.arguments().get().toString()).value();
    }

    private static List<Call> written(String text) {
        Optional<JsonNode> json = Json.lenient(text);
        if (json.isPresent() && json.get().isContainer()) {
            var calls = new ArrayList<Call>();
            JsonNode list = json.get().isArray()
                    ? json.get()
                    : json.get().has("tool_calls") ? json.get().get("tool_calls") : json.get();
            (list.isArray() ? list : List.of(list)).forEach(call -> {
                JsonNode function = call.has("function") ? call.get("function") : call;
                JsonNode arguments = function.path("arguments");
                if (function.has("name")) {
                    calls.add(new Call(function.get("name").asString(),
                            arguments.isString() ? Json.strict(arguments.asString()) : Optional.of(arguments)));
                }
            });
            return calls;
        }
        var calls = new ArrayList<Call>();
        text.lines().forEach(line -> {
            Matcher matcher = CALL.matcher(line);
            if (matcher.matches()) {
                calls.add(new Call(matcher.group(1), Json.strict(matcher.group(2))));
            }
        });
        return calls;
    }
}
