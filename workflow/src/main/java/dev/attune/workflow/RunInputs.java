package dev.attune.workflow;

import java.util.Map;

/** What each step of a recipe's run depends on, by name. */
final class RunInputs {
    private final Recipe recipe;
    private final RunData data;

    RunInputs(Recipe recipe, RunData data) {
        this.recipe = recipe;
        this.data = data;
    }

    Map<String, String> check() {
        return new StepInputs().with("base", recipe.base()).with("provider", recipe.provider().key())
                .with("evaluate.against", recipe.comparedModel()).with("data.train", data.hash(recipe.trainFile()))
                .with("data.validation", data.hash(recipe.validationFile()))
                .with("data.test", data.hash(recipe.testFile())).with("data.group", recipe.data().group())
                .with("data.allow", recipe.data().allow())
                .with("tune.epochs", auto(recipe.tune().epochs())).asMap();
    }

    Map<String, String> split() {
        var shares = recipe.data().split();
        return new StepInputs().with("data.train", data.hash(recipe.trainFile()))
                .with("data.validation", data.hash(recipe.validationFile()))
                .with("data.test", data.hash(recipe.testFile()))
                .with("data.split.validation", shares.validation()).with("data.split.test", shares.test())
                .with("data.group", recipe.data().group())
                .with("data.seed", recipe.data().seed()).asMap();
    }

    Map<String, String> upload(SplitSummary split) {
        return new StepInputs().with("training part", split.trainSha256())
                .with("validation part", split.validationSha256())
                .with("provider", recipe.provider().key()).asMap();
    }

    Map<String, String> tune(SplitSummary split) {
        Recipe.Tune tune = recipe.tune();
        TuningSettings settings = tune.settings();
        StepInputs inputs = new StepInputs().with("training part", split.trainSha256())
                .with("validation part", split.validationSha256())
                .with("base", recipe.base()).with("provider", recipe.provider().key())
                .with("tune.method", settings.method())
                .with("tune.epochs", auto(tune.epochs())).with("tune.batch_size", auto(tune.batchSize()))
                .with("tune.learning_rate_multiplier", auto(tune.learningRateMultiplier()))
                .with("tune.suffix", tune.suffix())
                .with("tune.seed", tune.seed());
        if (settings.beta() >= 0) {
            inputs.with("tune.beta", settings.beta());
        }
        settings.lora().forEach((key, value) -> inputs.with("tune.lora." + key, value));
        settings.training().forEach((key, value) -> inputs.with("tune.training." + key, value));
        recipe.replayFile().ifPresent(file -> inputs.with("rows of tune.training.replay_file", data.hash(file)));
        return inputs.asMap();
    }

    Map<String, String> evaluate(SplitSummary split, TuningJob job, Map<String, String> compared) {
        return new StepInputs().with("test part", split.testSha256()).with("tuned model", job.tunedModel())
                .with("job", job.id())
                .with("evaluate.against", recipe.comparedModel()).with("compared model", Lineage.identity(compared))
                .with("evaluate.scorers",
                        recipe.evaluate().hasPlan() ? recipe.evaluate().plan() : recipe.evaluate().scorers())
                .with("evaluate.max_rows", recipe.evaluate().maxRows()).asMap();
    }

    private static String auto(Number value) {
        return value.doubleValue() == JobRequest.AUTO ? "auto" : value.toString();
    }
}
