package dev.attune.workflow;

import dev.attune.workflow.WorkflowException.Code;
import java.util.List;
import java.util.stream.Stream;

/** Looks at all data and at the base model before anything is sent; any error stops the run and is named with all others. */
final class CheckStep {
    private final Recipe recipe;
    private final RunData data;
    private final TokenCounting tokens;
    private final FineTuning server;
    private final RunListener listener;

    CheckStep(Recipe recipe, RunData data, TokenCounting tokens, FineTuning server, RunListener listener) {
        this.recipe = recipe;
        this.data = data;
        this.tokens = tokens;
        this.server = server;
        this.listener = listener;
    }

    DataSummary run() {
        DataCheck.Found found = new DataCheck(recipe, data, tokens).look();
        listener.on(new RunEvent.Checked(found.report(), found.summary(), found.leaks()));
        List<String> problems = found.problems();
        if (!problems.isEmpty()) {
            throw new WorkflowException(Code.DATA_INVALID, problems.size() == 1
                    ? problems.getFirst()
                    : "The data has " + problems.size() + " errors; mend each and run again.", problems);
        }
        List<String> missing = missingModels(recipe, server);
        if (!missing.isEmpty()) {
            throw new WorkflowException(Code.NOT_FOUND, String.join(" ", missing));
        }
        return found.summary();
    }

    /** Models of the recipe that the server does not have, each in a sentence; Azure names deployments, not models. */
    static List<String> missingModels(Recipe recipe, FineTuning server) {
        if (recipe.provider() == Provider.AZURE) {
            return List.of();
        }
        List<String> models = server.models();
        return Stream.of(recipe.base(), recipe.comparedModel()).distinct().filter(model -> !models.contains(model))
                .map(model -> "The server has no model '" + model + "'"
                        + Nearest.of(model, models).map(near -> "; did you mean '" + near + "'?")
                                .orElse("; `attune models` lists those that it has."))
                .toList();
    }
}
