package dev.attune.engine.train;

import dev.attune.engine.EngineException;
import dev.attune.engine.config.AdapterConfigReader;
import dev.attune.engine.config.LoraConfig;
import dev.attune.engine.config.LoraTargets;
import dev.attune.engine.config.Precision;
import dev.attune.engine.data.DataFile;
import dev.attune.engine.data.OverLength;
import dev.attune.engine.data.TrainingMethod;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A {@link JobSpec} as the JSON of {@code job.json}: the settings of LoRA by PEFT's names, the others by OpenAI's. */
final class JobSpecJson {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private JobSpecJson() {}

    static ObjectNode write(JobSpec spec) {
        ObjectNode json = JSON.createObjectNode();
        json.put("job_id", spec.jobId()).put("base", spec.base().toString()).put("base_hash", spec.baseHash())
                .put("initial_adapter", spec.initialAdapter());
        write(spec.data(), json.putObject("data"));
        write(spec.method(), json.putObject("method"));
        write(spec.tuning(), json.putObject("tuning"));
        json.put("precision", spec.precision().jsonName());
        Hyperparameters settings = spec.hyperparameters();
        json.putObject("hyperparameters").put("n_epochs", settings.epochs()).put("batch_size", settings.batchSize())
                .put("learning_rate_multiplier", settings.learningRateMultiplier());
        json.put("patience", spec.watch().patience()).put("validate_every", spec.watch().validateEvery())
                .put("row_losses", spec.watch().rowLosses()).put("seed", spec.seed());
        ObjectNode versions = json.putObject("versions");
        spec.versions().forEach(versions::put);
        return json;
    }

    private static void write(JobData data, ObjectNode json) {
        json.put("training_file", data.training().path()).put("training_hash", data.training().hash())
                .put("validation_file", data.validation().path()).put("validation_hash", data.validation().hash())
                .put("replay_file", data.replay().path()).put("replay_hash", data.replay().hash())
                .put("replay_share", data.replayShare()).put("max_tokens", data.maxTokens())
                .put("over_length", data.overLength().jsonName());
    }

    private static void write(TrainingMethod method, ObjectNode json) {
        json.put("type", method.type());
        if (method instanceof TrainingMethod.Dpo(double beta)) {
            json.put("beta", beta);
        }
    }

    private static void write(Tuning tuning, ObjectNode json) {
        json.put("type", tuning.type());
        switch (tuning) {
            case Tuning.Lora(LoraConfig lora) -> {
                json.put("r", lora.rank()).put("lora_alpha", lora.alpha()).put("lora_dropout", lora.dropout());
                json.set("target_modules", JSON.valueToTree(lora.targets().toJson()));
                json.put("use_rslora", lora.rankStabilized()).put("use_dora", lora.magnitudes());
                json.set("rank_pattern", JSON.valueToTree(lora.rankPattern()));
                json.set("alpha_pattern", JSON.valueToTree(lora.alphaPattern()));
                json.put("train_embedding", lora.embedding());
            }
            case Tuning.Full full -> {
                // There is nothing more to say.
            }
        }
    }

    static JobSpec read(JsonNode written) {
        JsonNode json = written.has("jobId") ? OlderJobJson.renamed(written) : written;
        JsonNode settings = json.required("hyperparameters");
        var versions = new LinkedHashMap<String, String>();
        json.path("versions").properties().forEach(entry -> versions.put(entry.getKey(), entry.getValue().asString()));
        return new JobSpec(json.required("job_id").asString(), Path.of(json.required("base").asString()),
                json.path("base_hash").asString(""), json.path("initial_adapter").asString(""),
                data(json.required("data")), method(json.required("method")), tuning(json.required("tuning")),
                Precision.named(json.path("precision").asString(Precision.FLOAT32.jsonName())),
                new Hyperparameters(settings.required("n_epochs").asInt(), settings.required("batch_size").asInt(),
                        settings.required("learning_rate_multiplier").asDouble()),
                new Watch(json.path("patience").asInt(0), json.path("validate_every").asInt(0),
                        json.path("row_losses").asBoolean(true)),
                json.required("seed").asLong(), versions);
    }

    private static JobData data(JsonNode json) {
        return new JobData(file(json, "training"), file(json, "validation"), file(json, "replay"),
                json.path("replay_share").asDouble(0), json.path("max_tokens").asInt(0),
                OverLength.of(json.path("over_length").asString("refuse")));
    }

    private static DataFile file(JsonNode json, String kind) {
        return new DataFile(json.path(kind + "_file").asString(""), json.path(kind + "_hash").asString(""));
    }

    private static TrainingMethod method(JsonNode json) {
        String type = json.required("type").asString();
        return switch (type) {
            case "supervised" -> TrainingMethod.SUPERVISED;
            case "dpo" -> new TrainingMethod.Dpo(json.path("beta").asDouble(TrainingMethod.Dpo.AUTO_BETA));
            default -> throw new EngineException(
                    "This job cannot be run: the method " + type + " is not known; supervised and dpo are.");
        };
    }

    private static Tuning tuning(JsonNode json) {
        String type = json.required("type").asString();
        return switch (type) {
            case "lora" -> new Tuning.Lora(lora(json));
            case "full" -> new Tuning.Full();
            default -> throw new EngineException(
                    "This job cannot be run: the tuning " + type + " is not known; lora and full are.");
        };
    }

    private static LoraConfig lora(JsonNode json) {
        JsonNode targets = json.required("target_modules");
        return new LoraConfig(json.required("r").asInt(), json.required("lora_alpha").asDouble(),
                json.path("lora_dropout").asDouble(0),
                targets.isArray()
                        ? LoraTargets.named(targets.values().stream().map(JsonNode::asString).toList())
                        : LoraTargets.matching(targets.asString()),
                json.path("use_rslora").asBoolean(false), AdapterConfigReader.ranks(json.path("rank_pattern")),
                AdapterConfigReader.alphas(json.path("alpha_pattern")), json.path("train_embedding").asBoolean(false),
                json.path("use_dora").asBoolean(false));
    }
}
