package dev.attune.server.jobs;

import dev.attune.engine.EngineException;
import dev.attune.engine.data.OverLength;
import dev.attune.engine.train.JobData;
import dev.attune.engine.train.Watch;
import dev.attune.server.files.StoredFile;
import dev.attune.server.protocol.ApiException;
import dev.attune.server.protocol.Fields;
import dev.attune.server.protocol.Json;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The key {@code training} of a request to create a job, which OpenAI never had: what is trained, what becomes of rows that
 * are too long, which general rows are mixed in, and when to stop. What is left out is as the server chooses it.
 *
 * @param full whether all weights are trained instead of an adapter
 * @param maxTokens longest example; 0 for the model's own limit
 * @param replayFile general rows that are mixed in; empty for none
 * @param replayShare their share of an epoch's examples
 * @param watch what is measured on the way, and when training ends by itself
 */
record JobTraining(boolean full, OverLength overLength, int maxTokens, String replayFile, double replayShare,
        Watch watch) {
    static final JobTraining PLAIN = new JobTraining(false, OverLength.REFUSE, 0, "", 0, Watch.USUAL);
    private static final double USUAL_SHARE = 0.1;
    private static final double MOST_SHARE = 0.9;
    private static final Set<String> KEYS = Set.of("tuning", "over_length", "max_tokens", "replay_file", "replay_share",
            "patience", "validate_every", "row_losses");

    /**
     * @return null where the request says nothing of it
     * @throws ApiException 400, naming the place
     */
    static @Nullable ObjectNode of(Fields body, JobMethod method) {
        if (!body.has("training")) {
            return null;
        }
        boolean shaped = body.has("lora");
        boolean validated = body.has("validation_file");
        Fields training = body.object("training");
        training.refuseExtra(KEYS);
        String tuning = training.text("tuning", "lora");
        if (!tuning.equals("lora") && !tuning.equals("full")) {
            throw ApiException.badRequest("Invalid value: '" + tuning + "'. Supported values are: 'lora' and 'full'.",
                    "training.tuning");
        }
        if (tuning.equals("full") && shaped) {
            throw ApiException
                    .badRequest("A job that trains all weights has no adapter; leave 'lora' or 'training.tuning'"
                            + " out.", "training.tuning");
        }
        if (overLength(training) == OverLength.SPLIT && method.type().equals(JobMethod.DPO)) {
            throw ApiException
                    .badRequest("A preference pair cannot be split; refuse, drop or truncate examples that are"
                            + " too long.", "training.over_length");
        }
        training.integer("max_tokens", 2, Integer.MAX_VALUE, 2);
        training.integer("validate_every", 0, Integer.MAX_VALUE, 0);
        training.number("replay_share", 0.001, MOST_SHARE, USUAL_SHARE);
        if (training.has("replay_share") && training.text("replay_file", "").isEmpty()) {
            throw ApiException.badRequest("A share of replayed rows needs their file; name one as 'replay_file'.",
                    "training.replay_share");
        }
        if (training.integer("patience", 0, 50, 0) > 0 && !validated) {
            throw ApiException.badRequest("Stopping early needs a validation_file; name one, or leave 'patience' out.",
                    "training.patience");
        }
        training.flag("row_losses", true);
        return training.node();
    }

    private static OverLength overLength(Fields training) {
        try {
            return OverLength.of(training.text("over_length", "refuse"));
        } catch (EngineException e) {
            throw ApiException.badRequest(String.valueOf(e.getMessage()), "training.over_length");
        }
    }

    /** What a stored request asks for. */
    static JobTraining stored(@Nullable String stored) {
        if (stored == null) {
            return PLAIN;
        }
        var json = Json.tree(stored);
        String replay = json.path("replay_file").asString("");
        return new JobTraining(json.path("tuning").asString("lora").equals("full"),
                OverLength.of(json.path("over_length").asString("refuse")), json.path("max_tokens").asInt(0), replay,
                replay.isEmpty() ? 0 : json.path("replay_share").asDouble(USUAL_SHARE),
                new Watch(json.path("patience").asInt(0), json.path("validate_every").asInt(0),
                        json.path("row_losses").asBoolean(true)));
    }

    /** The longest example of a model with this context length. */
    int limit(int context) {
        return maxTokens == 0 ? context : Math.min(maxTokens, context);
    }

    /** The data of a job with its length limit and its replayed rows. */
    JobData applyTo(JobData data, Optional<StoredFile> replay) {
        JobData limited = data.withLength(maxTokens, overLength);
        return replay.map(file -> limited.withReplay(file.sha256(), replayShare)).orElse(limited);
    }
}
