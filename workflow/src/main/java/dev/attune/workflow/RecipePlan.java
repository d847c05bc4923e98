package dev.attune.workflow;

import dev.attune.evals.config.ConfigProblems;
import dev.attune.evals.decide.EvalPlan;
import dev.attune.evals.judge.Judges;
import dev.attune.evals.run.ChatCall;
import dev.attune.evals.run.ChatModel;
import dev.attune.evals.run.ModelException;
import dev.attune.evals.score.Answer;
import dev.attune.evals.score.Scorer;
import dev.attune.workflow.Recipe.Evaluate;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Reads what a recipe says of scorers with options, slices and the gate, as an evaluation file says it. */
final class RecipePlan {
    /** A model that is only named: what it is called for comes when the recipe runs. */
    private record Named(String name, String identity) implements ChatModel {
        @Override
        public Answer ask(ChatCall call) throws ModelException {
            throw new ModelException(ModelException.Kind.REFUSED, name + " is asked when the recipe runs",
                    Duration.ZERO);
        }
    }

    private final RecipeProblems problems;
    private final Path file;
    private final String base;

    RecipePlan(RecipeProblems problems, Path file, String base) {
        this.problems = problems;
        this.file = file;
        this.base = base;
    }

    Evaluate read(YamlNode scorers, YamlNode slices, YamlNode gate, String against, int maxRows) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        ObjectNode evaluate = root.putObject("evaluate");
        Map<String, Integer> lines = new LinkedHashMap<>();
        put(evaluate, "scorers", "/evaluate/scorers", scorers, lines);
        put(evaluate, "slices", "/evaluate/slices", slices, lines);
        put(root, "gate", "/gate", gate, lines);
        ObjectNode whole = root.deepCopy();
        ((ObjectNode) whole.get("evaluate")).put("model", base).put("data", "test.jsonl").put("against", "base");
        Path folder = file.toAbsolutePath().getParent();
        var judges = new Judges(folder == null ? Path.of("").toAbsolutePath() : folder, List.of(base),
                RecipePlan::named);
        var found = new ConfigProblems();
        EvalPlan plan = EvalPlan.read(found, whole, judges);
        var places = new YamlJson(root, lines);
        found.all().forEach(problem -> problems.add(places.line(problem.pointer()), problem.pointer(), problem.text()));
        return new Evaluate(plan.scorers().stream().map(Scorer::name).toList(), against, maxRows, root);
    }

    /** A model that cannot be asked yet. */
    static ChatModel named(String name) {
        return new Named(name, "");
    }

    private static void put(ObjectNode node, String key, String pointer, YamlNode value, Map<String, Integer> lines) {
        if (!(value instanceof YamlNode.Nothing)) {
            YamlJson read = YamlJson.of(value);
            node.set(key, read.json());
            read.lines().forEach((place, line) -> lines.put(pointer + place, line));
        }
    }
}
