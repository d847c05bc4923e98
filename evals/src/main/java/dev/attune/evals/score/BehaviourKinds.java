package dev.attune.evals.score;

import dev.attune.evals.config.ConfigNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What the model does whatever it says: calls, refusals, lengths, time and money. */
final class BehaviourKinds {
    private BehaviourKinds() {}

    static Map<String, ScorerKind> all() {
        var kinds = new LinkedHashMap<String, ScorerKind>();
        kinds.put("tool_calls", (o, s) -> new ToolCallScorer(o.flag("names_only", false)));
        kinds.put("refusal", (o, s) -> new RefusalScorer());
        kinds.put("no_personal_data", (o, s) -> new PersonalDataScorer());
        kinds.put("length", (o, s) -> length(o));
        kinds.put("latency", (o, s) -> atMost(o, "latency", "seconds", Answer::seconds));
        kinds.put("tokens", (o, s) -> atMost(o, "tokens", "tokens", a -> a.outputTokens()));
        kinds.put("cost", (o, s) -> atMost(o, "cost", "dollars", Answer::usd));
        kinds.put("finish", (o, s) -> finish(o));
        return kinds;
    }

    private static Scorer length(ConfigNode options) {
        String unit = options.choice("unit", List.of("characters", "words", "sentences", "lines", "tokens"),
                "characters");
        ToDoubleFunction<Answer> measure = switch (unit) {
            case "words" -> BoundScorer::words;
            case "sentences" -> BoundScorer::sentences;
            case "lines" -> BoundScorer::lines;
            case "tokens" -> a -> a.outputTokens();
            default -> BoundScorer::characters;
        };
        double least = options.whole("min", 0, 0, Integer.MAX_VALUE);
        double most = options.whole("max", Integer.MAX_VALUE, 0, Integer.MAX_VALUE);
        if (!options.has("min") && !options.has("max")) {
            options.problem("max", "is missing; give min, max or both");
        }
        return new BoundScorer("length", unit, measure, least, most);
    }

    private static Scorer atMost(ConfigNode options, String name, String unit, ToDoubleFunction<Answer> measure) {
        if (!options.has("at_most")) {
            options.problem("at_most", "is missing; give the most " + unit);
        }
        return new BoundScorer(name, unit, measure, 0, options.number("at_most", 1, 0, 1e12));
    }

    private static Scorer finish(ConfigNode options) {
        List<String> good = options.texts("value", List.of("stop"));
        return new Scorer() {
            @Override
            public String name() {
                return "finish";
            }

            @Override
            public Score score(Sample sample) {
                return Score.of(good.contains(sample.answer().finish()),
                        "the answer ended with \"" + sample.answer().finish() + "\"", "Come to an end in time.");
            }
        };
    }
}
