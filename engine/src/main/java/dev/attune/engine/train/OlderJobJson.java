package dev.attune.engine.train;

import java.net.URI;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The {@code job.json} of the first releases, which knew supervised training of LoRA adapters, under today's names. */
final class OlderJobJson {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private OlderJobJson() {}

    static ObjectNode renamed(JsonNode old) {
        ObjectNode json = JSON.createObjectNode();
        json.put("job_id", old.required("jobId").asString()).put("base", path(old.required("base").asString()));
        json.set("base_hash", old.required("baseHash"));
        json.set("initial_adapter", old.required("initialAdapter"));
        ObjectNode data = json.putObject("data");
        data.set("training_file", old.required("trainingFile"));
        data.set("training_hash", old.required("trainingHash"));
        data.set("validation_file", old.required("validationFile"));
        data.set("validation_hash", old.required("validationHash"));
        data.set("max_tokens", old.required("maxTokens"));
        json.putObject("method").set("type", old.required("method"));
        json.set("tuning", lora(old.required("lora")));
        ObjectNode settings = json.putObject("hyperparameters");
        settings.set("n_epochs", old.required("epochs"));
        settings.set("batch_size", old.required("batchSize"));
        settings.set("learning_rate_multiplier", old.required("learningRateMultiplier"));
        json.set("seed", old.required("seed"));
        json.set("versions", old.required("versions"));
        return json;
    }

    private static ObjectNode lora(JsonNode old) {
        ObjectNode json = JSON.createObjectNode().put("type", "lora");
        json.set("r", old.required("rank"));
        json.set("lora_alpha", old.required("alpha"));
        json.set("lora_dropout", old.path("dropout"));
        JsonNode targets = old.required("targets");
        json.set("target_modules",
                targets.required("pattern").asString().isEmpty()
                        ? targets.required("modules")
                        : targets.get("pattern"));
        json.set("use_rslora", old.path("rankStabilized"));
        json.set("rank_pattern", old.path("rankPattern"));
        json.set("alpha_pattern", old.path("alphaPattern"));
        json.set("train_embedding", old.path("embedding"));
        return json;
    }

    private static String path(String base) {
        return base.startsWith("file:") ? Path.of(URI.create(base)).toString() : base;
    }
}
