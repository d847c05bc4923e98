package dev.attune.evals.score;

import dev.attune.evals.config.ConfigNode;
import dev.attune.evals.config.ConfigProblems;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * The scorers that ship, by name, as one writes them: {@code exact}; {@code {contains: text}}; {@code {rouge_l: 0.6}}, a
 * number being the threshold; {@code {json_fields: {fields: …}}}; {@code not_} before any name. Every one that is written as
 * a mapping takes {@code name}, for reports, and {@code threshold}, which turns a score into right or wrong.
 */
public final class Scorers {
    /** Kinds that other packages bring along, such as judges: a scorer from its options, or nothing after noting a problem. */
    public interface Extension extends BiFunction<ConfigNode, Scorers, Optional<Scorer>> {}

    /** What stands where a scorer could not be read; never used, as a problem was noted. */
    static final Scorer NOTHING = new ExactScorer(false);
    private static final Map<String, ScorerKind> KINDS = ScorerKind.all();

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
        ScorerKind kind = KINDS.get(kindName);
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
}
