package dev.attune.evals.score;

import dev.attune.evals.config.ConfigNode;
import dev.attune.evals.config.ConfigProblems;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * The scorers that ship, by name, as one writes them: {@code exact}; {@code {contains: text}}; {@code {rouge_l: 0.6}}, a
 * number being the threshold; {@code {json_fields: {fields: …}}}; {@code not_} before any name. Every one that is written as
 * a mapping takes {@code name}, for reports, and {@code threshold}, which turns a score into right or wrong.
 */
public final class Scorers {
    /** Makes a scorer of one kind from what is written below its name. */
    private interface Kind {
        Scorer read(ConfigNode options, Scorers scorers);
    }

    /** Kinds that other packages bring along, such as judges: a scorer from its options, or nothing after noting a problem. */
    public interface Extension extends BiFunction<ConfigNode, Scorers, Optional<Scorer>> {}

    private static final Scorer NOTHING = new ExactScorer(false);
    private static final Map<String, Kind> KINDS = kinds();

    private final Map<String, Extension> extensions;

    private Scorers(Map<String, Extension> extensions) {
        this.extensions = extensions;
    }

    /** The names that {@link #named} knows: those that need nothing but the expected answer. */
    public static List<String> names() {
        return List.of("exact", "json_fields", "contains");
    }

    /** Every name there is. */
    public static List<String> kindNames() {
        return List.copyOf(KINDS.keySet());
    }

    /**
     * A scorer by its name, without options.
     *
     * @throws IllegalArgumentException where there is none of the name; the message lists those there are
     */
    public static Scorer named(String name) {
        if (!KINDS.containsKey(plain(name))) {
            throw new IllegalArgumentException(
                    "There is no scorer '" + name + "'; there are " + String.join(", ", KINDS.keySet()) + ".");
        }
        var problems = new ConfigProblems();
        Scorer scorer = new Scorers(Map.of()).read(problems, "", JsonNodeFactory.instance.stringNode(name));
        problems.throwIfAny("The scorer " + name);
        return scorer;
    }

    /** Ends what a scorer started, such as a program; scoring again starts it anew. */
    public static void close(Scorer scorer) {
        if (scorer instanceof ProcessScorer process) {
            process.close();
        }
        scorer.parts().forEach(Scorers::close);
    }

    /** The scorer itself, where it only bears another name for reports. */
    public static Scorer unnamed(Scorer scorer) {
        return scorer instanceof Combined.Named named ? unnamed(named.of()) : scorer;
    }

    /** The classification inside a scorer, if there is one. */
    public static Optional<LabelScorer> labels(Scorer scorer) {
        return scorer instanceof LabelScorer label
                ? Optional.of(label)
                : scorer.parts().size() == 1 ? labels(scorer.parts().getFirst()) : Optional.empty();
    }

    /** A reader that knows further kinds. */
    public static Scorers with(Map<String, Extension> extensions) {
        return new Scorers(Map.copyOf(extensions));
    }

    /**
     * Reads a list of scorers.
     *
     * @param pointer where it stands
     * @return those that could be read; names are unique
     */
    public List<Scorer> readAll(ConfigProblems problems, String pointer, JsonNode list) {
        if (!list.isArray() || list.isEmpty()) {
            problems.add(pointer, "must be a list of at least one scorer, not " + ConfigNode.describe(list));
            return List.of();
        }
        var scorers = new ArrayList<Scorer>();
        Set<String> names = new LinkedHashSet<>();
        for (int i = 0; i < list.size(); i++) {
            Scorer scorer = read(problems, pointer + "/" + i, list.get(i));
            if (!names.add(scorer.name())) {
                problems.add(pointer + "/" + i, "is a second scorer called \"" + scorer.name()
                        + "\"; write it as a mapping and give it a name of its own with name:");
            }
            scorers.add(scorer);
        }
        return scorers;
    }

    /** Reads one scorer; where it cannot be read, problems are noted and what is returned is not to be used. */
    public Scorer read(ConfigProblems problems, String pointer, JsonNode spec) {
        if (spec.isString()) {
            return make(problems, pointer, spec.asString(), JsonNodeFactory.instance.missingNode());
        }
        if (!spec.isObject() || spec.size() != 1) {
            problems.add(pointer, "must be a scorer's name, or a mapping with one name, not "
                    + (spec.isObject() ? "a mapping with " + spec.size() + " keys" : ConfigNode.describe(spec)));
            return NOTHING;
        }
        var entry = spec.properties().iterator().next();
        return make(problems, pointer + "/" + entry.getKey(), entry.getKey(), entry.getValue());
    }

    private Scorer make(ConfigProblems problems, String pointer, String written, JsonNode value) {
        String name = plain(written);
        boolean negated = name.startsWith("not_") && !KINDS.containsKey(name);
        String kindName = negated ? name.substring(4) : name;
        Kind kind = KINDS.get(kindName);
        Extension extension = extensions.get(kindName);
        if (kind == null && extension == null) {
            var all = new ArrayList<>(KINDS.keySet());
            all.addAll(extensions.keySet());
            String near = ConfigNode.suggestion(kindName, all);
            problems.add(pointer, "\"" + written + "\" is no scorer"
                    + (near.isEmpty() ? "; there are " + String.join(", ", all) : near));
            return NOTHING;
        }
        ConfigNode options = ConfigNode.of(problems, pointer, shorthand(kindName, value));
        String shown = options.text("name", "");
        double threshold = options.number("threshold", -1, 0, 1);
        Scorer scorer = NOTHING;
        if (extension != null) {
            scorer = extension.apply(options, this).orElse(NOTHING);
        } else if (kind != null) {
            scorer = kind.read(options, this);
        }
        options.done();
        Scorer limited = threshold >= 0 ? new Combined.Threshold(scorer, threshold) : scorer;
        Scorer turned = negated ? new Combined.Not(limited) : limited;
        return shown.isEmpty() ? turned : new Combined.Named(shown, turned);
    }

    /**
     * {@code {rouge_l: 0.6}} is a threshold; {@code {contains: text}} or a list is what is looked for; below {@code not}
     * stands the scorer itself.
     */
    private static JsonNode shorthand(String kind, JsonNode value) {
        var options = JsonNodeFactory.instance.objectNode();
        if (kind.equals("not") && (value.isString() || value.isObject() && !value.has("scorer"))) {
            return options.set("scorer", value);
        }
        if (value.isNumber()) {
            return options.set("threshold", value);
        }
        return value.isString() || value.isArray() ? options.set("value", value) : value;
    }

    private static String plain(String name) {
        return name.replace('-', '_');
    }

    private static Map<String, Kind> kinds() {
        var kinds = new LinkedHashMap<String, Kind>();
        kinds.put("exact", (o, s) -> new ExactScorer(o.flag("ignore_case", false)));
        kinds.put("json_fields", (o, s) -> new JsonFieldsScorer(fields(o, s)));
        kinds.put("contains", (o, s) -> match("contains", TextMatch.How.CONTAINS, TextMatch.Several.ALL, o, true));
        match(kinds, "equals", TextMatch.How.EQUALS, TextMatch.Several.ANY, false);
        match(kinds, "iequals", TextMatch.How.EQUALS, TextMatch.Several.ANY, true);
        match(kinds, "icontains", TextMatch.How.CONTAINS, TextMatch.Several.ALL, true);
        match(kinds, "contains_all", TextMatch.How.CONTAINS, TextMatch.Several.ALL, false);
        match(kinds, "contains_any", TextMatch.How.CONTAINS, TextMatch.Several.ANY, false);
        match(kinds, "icontains_all", TextMatch.How.CONTAINS, TextMatch.Several.ALL, true);
        match(kinds, "icontains_any", TextMatch.How.CONTAINS, TextMatch.Several.ANY, true);
        match(kinds, "starts_with", TextMatch.How.STARTS_WITH, TextMatch.Several.ANY, false);
        match(kinds, "ends_with", TextMatch.How.ENDS_WITH, TextMatch.Several.ANY, false);
        match(kinds, "one_of", TextMatch.How.EQUALS, TextMatch.Several.ANY, true);
        match(kinds, "regex", TextMatch.How.REGEX, TextMatch.Several.ALL, false);
        kinds.put("is_json", (o, s) -> new JsonSchemaScorer(schema(o)));
        kinds.put("json_path", Scorers::jsonPath);
        kinds.put("is_xml", (o, s) -> new XmlScorer());
        similarity(kinds, "partial", Similarity::partial);
        similarity(kinds, "levenshtein", Similarity::levenshtein);
        similarity(kinds, "token_f1", Similarity::tokenF1);
        similarity(kinds, "rouge_1", (a, b) -> Similarity.rouge(a, b, 1));
        similarity(kinds, "rouge_2", (a, b) -> Similarity.rouge(a, b, 2));
        similarity(kinds, "rouge_3", (a, b) -> Similarity.rouge(a, b, 3));
        similarity(kinds, "rouge_4", (a, b) -> Similarity.rouge(a, b, 4));
        similarity(kinds, "rouge_5", (a, b) -> Similarity.rouge(a, b, 5));
        similarity(kinds, "rouge_l", Similarity::rougeL);
        similarity(kinds, "bleu", Similarity::bleu);
        similarity(kinds, "gleu", Similarity::gleu);
        similarity(kinds, "chrf", Similarity::chrF);
        similarity(kinds, "meteor", Similarity::meteor);
        similarity(kinds, "cosine", Similarity::cosine);
        kinds.put("label", (o, s) -> new LabelScorer(texts(o, "labels")));
        kinds.put("number",
                (o, s) -> new NumberScorer(o.number("tolerance", 0, 0, 1e15), o.number("relative", 0, 0, 1)));
        kinds.put("probability", (o, s) -> new ProbabilityScorer());
        kinds.put("tool_calls", (o, s) -> new ToolCallScorer(o.flag("names_only", false)));
        kinds.put("refusal", (o, s) -> new RefusalScorer());
        kinds.put("no_personal_data", (o, s) -> new PersonalDataScorer());
        kinds.put("length", (o, s) -> length(o));
        kinds.put("latency", (o, s) -> atMost(o, "latency", "seconds", Answer::seconds));
        kinds.put("tokens", (o, s) -> atMost(o, "tokens", "tokens", a -> a.outputTokens()));
        kinds.put("cost", (o, s) -> atMost(o, "cost", "dollars", Answer::usd));
        kinds.put("finish", (o, s) -> finish(o));
        kinds.put("all", (o, s) -> new Combined.All(list(o, s)));
        kinds.put("any", (o, s) -> new Combined.Any(list(o, s)));
        kinds.put("not", Scorers::not);
        kinds.put("weighted", Scorers::weighted);
        kinds.put("formula", Scorers::formula);
        kinds.put("by_row", (o, s) -> new RowScorer(s, o.text("key", "check")));
        kinds.put("process", Scorers::process);
        return kinds;
    }

    private static void match(Map<String, Kind> kinds, String name, TextMatch.How how, TextMatch.Several several,
            boolean ignoreCase) {
        kinds.put(name, (o, s) -> match(name, how, several, o, ignoreCase));
    }

    private static Scorer match(String name, TextMatch.How how, TextMatch.Several several, ConfigNode options,
            boolean ignoreCase) {
        var match = new TextMatch(name, how, several, texts(options, "value"), options.flag("ignore_case", ignoreCase));
        match.patterns().forEach(pattern -> {
            try {
                Pattern.compile(pattern);
            } catch (PatternSyntaxException e) {
                options.problem("value",
                        "is no pattern: " + e.getDescription() + " near character " + (e.getIndex() + 1));
            }
        });
        return match;
    }

    private static void similarity(Map<String, Kind> kinds, String name, ToDoubleBiFunction<String, String> measure) {
        kinds.put(name, (o, s) -> new SimilarityScorer(name, measure,
                o.has("value") ? Optional.of(Template.of(o.text("value", ""))) : Optional.empty()));
    }

    /** The texts of a key or of the shorthand for it. */
    private static List<String> texts(ConfigNode options, String key) {
        return options.texts(key, options.texts("value", List.of()));
    }

    private static Map<String, Scorer> fields(ConfigNode options, Scorers scorers) {
        var rules = new LinkedHashMap<String, Scorer>();
        ConfigNode fields = options.section("fields");
        fields.entries().forEach(
                (field, rule) -> rules.put(field, scorers.read(options.problems(), fields.pointer(field), rule)));
        return rules;
    }

    private static Optional<JsonShape> schema(ConfigNode options) {
        if (!options.has("schema")) {
            return Optional.empty();
        }
        try {
            return Optional.of(JsonShape.of(options.get("schema")));
        } catch (IllegalArgumentException e) {
            options.problem("schema", "cannot be used: " + String.valueOf(e.getMessage()).replaceFirst("\\.$", ""));
            return Optional.empty();
        }
    }

    private static Scorer jsonPath(ConfigNode options, Scorers scorers) {
        String path = options.has("value") ? options.required("value") : options.required("path");
        boolean onlyThere = !options.has("scorer") && !options.has("equals");
        Scorer value = options.has("scorer")
                ? scorers.read(options.problems(), options.pointer("scorer"), options.get("scorer"))
                : new TextMatch("equals", TextMatch.How.EQUALS, TextMatch.Several.ANY,
                        options.texts("equals", List.of()), false);
        return new JsonPathScorer(path, value, onlyThere);
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

    private static List<Scorer> list(ConfigNode options, Scorers scorers) {
        String key = options.has("value") ? "value" : "scorers";
        JsonNode list = options.get(key);
        if (!list.isArray() || list.isEmpty()) {
            options.problem(key, "must be a list of at least one scorer");
            return List.of(NOTHING);
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
            return NOTHING;
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
            return NOTHING;
        }
    }

    private static Scorer process(ConfigNode options, Scorers scorers) {
        List<String> command = texts(options, "command");
        if (command.isEmpty()) {
            options.problem("command", "is missing; give a program and its arguments as a list");
            return NOTHING;
        }
        return new ProcessScorer(command, Duration.ofSeconds(options.whole("timeout_seconds", 60, 1, 86_400)));
    }
}
