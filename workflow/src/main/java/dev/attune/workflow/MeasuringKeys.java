package dev.attune.workflow;

import dev.attune.dataset.Dataset;
import dev.attune.dataset.Problem;
import dev.attune.dataset.Row;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Keys of a row that a recipe measures by and no trainer wants: {@code metadata}, {@code id}, what rows are grouped and sliced
 * by. They stay with the held-out rows and are taken off those that are sent to be trained on, as OpenAI refuses them.
 */
record MeasuringKeys(Set<String> names) {
    private static final Set<String> TRAINED = Set.of("messages", "tools", "parallel_tool_calls", "functions", "prompt",
            "completion", "input", "preferred_output", "non_preferred_output");

    MeasuringKeys {
        names = Set.copyOf(names);
    }

    static MeasuringKeys of(Recipe recipe) {
        var names = new TreeSet<>(List.of("metadata", "id"));
        String group = recipe.data().group();
        names.add(group.startsWith("/") ? group.substring(1).replaceFirst("/.*$", "") : group);
        JsonNode slices = recipe.evaluate().plan().at("/evaluate/slices");
        (slices.isArray() ? slices : List.of(slices)).forEach(key -> names.add(key.asString("")));
        names.removeAll(TRAINED);
        names.remove("");
        return new MeasuringKeys(names);
    }

    /** The dataset without the warning that a key is not trained, for keys that the run takes off. */
    Dataset excused(Dataset dataset) {
        return new Dataset(dataset.source(), dataset.rows(),
                dataset.problems().stream().filter(problem -> !isAbout(problem)).toList());
    }

    private boolean isAbout(Problem problem) {
        return problem.code().equals("example_unrecognized_key") && problem.pointer().length() > 1
                && names.contains(problem.pointer().substring(1)) && !problem.isError();
    }

    /** The row as it is sent; the row itself where it has none of the keys. */
    Row off(Row row) {
        if (row.raw().keySet().stream().noneMatch(names::contains)) {
            return row;
        }
        ObjectNode json = (ObjectNode) JsonMapper.shared().readTree(row.json());
        json.remove(names);
        Map<String, Object> raw = new LinkedHashMap<>(row.raw());
        raw.keySet().removeAll(names);
        return new Row(row.line(), row.conversation(), raw, json.toString(), row.rejected());
    }
}
