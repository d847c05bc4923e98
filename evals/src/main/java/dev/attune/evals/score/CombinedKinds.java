package dev.attune.evals.score;

import dev.attune.evals.config.ConfigNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Scorers made of others, of the row's own check, or of a program. */
final class CombinedKinds {
    private CombinedKinds() {}

    static Map<String, ScorerKind> all() {
        var kinds = new LinkedHashMap<String, ScorerKind>();
        kinds.put("all", (o, s) -> new Combined.All(list(o, s)));
        kinds.put("any", (o, s) -> new Combined.Any(list(o, s)));
        kinds.put("not", CombinedKinds::not);
        kinds.put("weighted", CombinedKinds::weighted);
        kinds.put("formula", CombinedKinds::formula);
        kinds.put("by_row", (o, s) -> new RowScorer(s, o.text("key", "check")));
        kinds.put("process", CombinedKinds::process);
        return kinds;
    }

    private static List<Scorer> list(ConfigNode options, Scorers scorers) {
        String key = options.has("value") ? "value" : "scorers";
        JsonNode list = options.get(key);
        if (!list.isArray() || list.isEmpty()) {
            options.problem(key, "must be a list of at least one scorer");
            return List.of(Scorers.NOTHING);
        }
        var read = new ArrayList<Scorer>();
        for (int i = 0; i < list.size(); i++) {
            read.add(scorers.read(options.problems(), options.pointer(key) + "/" + i, list.get(i)));
        }
        return read;
    }

    private static Scorer not(ConfigNode options, Scorers scorers) {
        if (!options.has("scorer")) {
            options.problem("scorer", "is missing");
            return Scorers.NOTHING;
        }
        return new Combined.Not(scorers.read(options.problems(), options.pointer("scorer"), options.get("scorer")));
    }

    private static Map<String, Scorer> named(ConfigNode options, Scorers scorers) {
        ConfigNode section = options.section("scorers");
        var named = new LinkedHashMap<String, Scorer>();
        section.entries().forEach(
                (name, spec) -> named.put(name, scorers.read(options.problems(), section.pointer(name), spec)));
        if (named.isEmpty()) {
            options.problem("scorers", "must be a mapping of names to scorers");
        }
        return named;
    }

    private static Scorer weighted(ConfigNode options, Scorers scorers) {
        Map<String, Scorer> named = named(options, scorers);
        var weights = new LinkedHashMap<String, Double>();
        ConfigNode section = options.section("weights");
        named.keySet().forEach(name -> weights.put(name, section.number(name, 1, 0, 1e6)));
        section.done();
        if (!named.isEmpty() && weights.values().stream().mapToDouble(Double::doubleValue).sum() <= 0) {
            options.problem("weights", "must not all be 0");
        }
        return new Combined.Weighted(named, weights);
    }

    private static Scorer formula(ConfigNode options, Scorers scorers) {
        String source = options.required("is");
        Map<String, Scorer> named = named(options, scorers);
        try {
            Formula formula = Formula.of(source.isEmpty() ? "0" : source);
            formula.names().stream().filter(name -> !named.containsKey(name)).sorted()
                    .forEach(name -> options.problem("is", "names \"" + name + "\", which is not among the scorers"));
            return new Combined.ByFormula(formula, named);
        } catch (IllegalArgumentException e) {
            options.problem("is", String.valueOf(e.getMessage()).replaceFirst("\\.$", ""));
            return Scorers.NOTHING;
        }
    }

    private static Scorer process(ConfigNode options, Scorers scorers) {
        List<String> command = TextKinds.texts(options, "command");
        if (command.isEmpty()) {
            options.problem("command", "is missing; give a program and its arguments as a list");
            return Scorers.NOTHING;
        }
        return new ProcessScorer(command, Duration.ofSeconds(options.whole("timeout_seconds", 60, 1, 86_400)));
    }
}
