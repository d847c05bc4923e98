package dev.attune.server.jobs;

import dev.attune.server.protocol.ApiException;
import dev.attune.server.protocol.Fields;
import dev.attune.server.protocol.Metadata;
import dev.attune.server.store.Ids;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a request to create a job asks for, checked as far as the request alone allows.
 *
 * @param validationFile empty where there is none
 * @param suffix empty where there is none
 * @param integrations null where there is none
 * @param lora the shape of the adapter; null where nothing is said of it
 * @param training what is trained, and on what; null where nothing is said of it
 */
record JobRequest(String model, String trainingFile, String validationFile, String suffix, long seed,
        Map<String, String> metadata, JobMethod method, @Nullable ArrayNode integrations,
        @Nullable ObjectNode lora, @Nullable ObjectNode training) {

    private static final Set<String> KEYS = Set.of("model", "training_file", "validation_file", "suffix", "seed",
            "metadata", "integrations", "hyperparameters", "method", "lora", "training");

    /**
     * @throws ApiException 400, naming the key
     */
    static JobRequest of(Fields body) {
        body.refuseExtra(KEYS);
        String model = body.required("model");
        String training = body.required("training_file");
        String suffix = body.text("suffix", "");
        if (body.has("suffix") && !suffix.matches("[A-Za-z0-9._-]{1,64}")) {
            throw ApiException.badRequest("invalid suffix: \"" + suffix
                    + "\", it must be 1 to 64 letters, digits, dots, hyphens or underscores", "suffix");
        }
        JobMethod method = JobMethod.of(body);
        return new JobRequest(model, training, body.text("validation_file", ""), suffix,
                body.integer("seed", 0, Integer.MAX_VALUE, Ids.seed()), Metadata.of(body), method,
                JobIntegrations.of(body), JobAdapter.of(body),
                JobTraining.of(body, method));
    }
}
