package dev.attune.evals.convert;

import dev.attune.evals.convert.Imported.Draft;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a test, or a set of assertions, asks for as a whole: that all hold, or where there is a threshold, that the weighted mean
 * of their scores reaches it.
 */
final class PromptfooChecks {
    private record Check(ObjectNode scorer, double weight) {}

    private final Draft draft;
    private final List<Check> checks = new ArrayList<>();

    PromptfooChecks(Draft draft) {
        this.draft = draft;
    }

    void add(PromptfooAssertions assertions, JsonNode written, ObjectNode vars) {
        JsonNode assertion = assertions.resolved(written);
        double weight = assertion.path("weight").asDouble(1);
        if (weight == 0) {
            draft.note("Assertions of weight 0 count for nothing and are left away.");
            return;
        }
        if (assertion.path("type").asString("").equals("assert-set")) {
            var inner = new PromptfooChecks(draft);
            assertion.path("assert").forEach(one -> inner.add(assertions, one, vars));
            inner.check(assertion.path("threshold").asDouble(-1))
                    .ifPresent(scorer -> checks.add(new Check(scorer, weight)));
            return;
        }
        assertions.scorer(assertion, vars).ifPresent(scorer -> checks.add(new Check(scorer, weight)));
    }

    /**
     * All of them as one scorer; nothing where none came over.
     *
     * @param threshold what their weighted mean has to reach; negative where each has to hold
     */
    Optional<ObjectNode> check(double threshold) {
        if (checks.isEmpty()) {
            return Optional.empty();
        }
        ObjectNode check = Draft.JSON.createObjectNode();
        if (threshold < 0) {
            ArrayNode all = check.putArray("all");
            checks.forEach(one -> all.add(one.scorer()));
            return Optional.of(check);
        }
        ObjectNode weighted = check.putObject("weighted").put("threshold", Math.clamp(threshold, 0, 1));
        ObjectNode scorers = weighted.putObject("scorers");
        ObjectNode weights = weighted.putObject("weights");
        for (int i = 0; i < checks.size(); i++) {
            scorers.set("assertion " + (i + 1), checks.get(i).scorer());
            weights.put("assertion " + (i + 1), checks.get(i).weight());
        }
        return Optional.of(check);
    }
}
