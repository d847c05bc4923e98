package dev.attune.server;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a request to create a job asks for, checked as far as the request alone allows.
 *
 * @param validationFile empty where there is none
 * @param suffix empty where there is none
 * @param hyperparameters {@code n_epochs}, {@code batch_size}, {@code learning_rate_multiplier}: numbers or "auto"
 */
record JobRequest(String model, String trainingFile, String validationFile, String suffix, long seed,
        Map<String, String> metadata, ObjectNode hyperparameters) {

    private static final Set<String> KEYS = Set.of("model", "training_file", "validation_file", "suffix", "seed",
            "metadata", "integrations", "hyperparameters", "method");
    private static final Set<String> METHOD_KEYS = Set.of("type", "supervised", "dpo", "reinforcement");
    private static final Set<String> SETTINGS = Set.of("n_epochs", "batch_size", "learning_rate_multiplier");

    /**
     * @throws ApiException 400, naming the key
     */
    static JobRequest of(Fields body) {
        refuseExtra(body, KEYS);
        String model = body.required("model");
        String training = body.required("training_file");
        String suffix = body.text("suffix", "");
        if (body.has("suffix") && !suffix.matches("[A-Za-z0-9._-]{1,64}")) {
            throw ApiException.badRequest("invalid suffix: \"" + suffix
                    + "\", it must be 1 to 64 letters, digits, dots, hyphens or underscores", "suffix");
        }
        if (!body.array("integrations").isEmpty()) {
            throw ApiException.badRequest("Integrations such as Weights & Biases are not available on this server;"
                    + " leave 'integrations' out.", "integrations");
        }
        return new JobRequest(model, training, body.text("validation_file", ""), suffix,
                body.integer("seed", 0, Integer.MAX_VALUE, Ids.seed()), metadata(body), hyperparameters(body));
    }

    private static ObjectNode hyperparameters(Fields body) {
        Fields settings = body.object("hyperparameters");
        if (body.has("method")) {
            Fields method = body.object("method");
            refuseExtra(method, METHOD_KEYS);
            String type = method.required("type");
            if (type.equals("dpo") || type.equals("reinforcement")) {
                throw ApiException.badRequest("The method '" + type
                        + "' is not available on this server yet; use 'supervised'.", "method.type");
            }
            if (!type.equals("supervised")) {
                throw ApiException.badRequest("Invalid value: '" + type
                        + "'. Supported values are: 'supervised', 'dpo', and 'reinforcement'.", "method.type",
                        "invalid_value");
            }
            Fields supervised = method.object("supervised");
            refuseExtra(supervised, Set.of("hyperparameters"));
            if (supervised.has("hyperparameters")) {
                settings = supervised.object("hyperparameters");
            }
        }
        refuseExtra(settings, SETTINGS);
        ObjectNode result = Json.object();
        result.set("batch_size", whole(settings, "batch_size", 256));
        result.set("learning_rate_multiplier", multiplier(settings));
        result.set("n_epochs", whole(settings, "n_epochs", 50));
        return result;
    }

    private static JsonNode whole(Fields settings, String key, int max) {
        if (isAuto(settings, key)) {
            return Json.MAPPER.getNodeFactory().stringNode("auto");
        }
        return Json.MAPPER.getNodeFactory().numberNode((int) settings.integer(key, 1, max, 1));
    }

    private static JsonNode multiplier(Fields settings) {
        String key = "learning_rate_multiplier";
        if (isAuto(settings, key)) {
            return Json.MAPPER.getNodeFactory().stringNode("auto");
        }
        double number = settings.number(key, 0, 1000, 1);
        if (number == 0) {
            throw ApiException.badRequest("Invalid '" + settings.at() + key
                    + "': expected a decimal greater than 0, but got 0 instead.", settings.at() + key,
                    "decimal_below_min_value");
        }
        return Json.MAPPER.getNodeFactory().numberNode(number);
    }

    private static boolean isAuto(Fields settings, String key) {
        JsonNode value = settings.value(key);
        return !settings.has(key) || value.isString() && value.stringValue().equals("auto");
    }

    private static Map<String, String> metadata(Fields body) {
        Fields metadata = body.object("metadata");
        if (metadata.node().size() > 16) {
            throw ApiException.badRequest("Invalid 'metadata': too many properties. Expected an object with at most 16"
                    + " properties, but got " + metadata.node().size() + " instead.", "metadata");
        }
        var pairs = new LinkedHashMap<String, String>();
        for (String key : metadata.node().propertyNames()) {
            String value = metadata.required(key);
            if (key.length() > 64 || value.length() > 512) {
                throw ApiException.badRequest("Invalid 'metadata." + key
                        + "': a key has at most 64 characters and a value at most 512.", "metadata");
            }
            pairs.put(key, value);
        }
        return pairs;
    }

    private static void refuseExtra(Fields fields, Set<String> known) {
        List<String> extra = fields.unknown(known);
        if (!extra.isEmpty()) {
            String key = extra.getFirst();
            String value = fields.node().path(key).toString();
            throw ApiException.badRequest("invalid " + key + ": "
                    + (value.length() > 80 ? value.substring(0, 80) + "…" : value)
                    + ", extra inputs are not permitted", key);
        }
    }
}
