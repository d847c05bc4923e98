package dev.attune.server.jobs;

import dev.attune.server.protocol.ApiException;
import dev.attune.server.protocol.Fields;
import dev.attune.server.protocol.Json;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How a job trains, as a request asks for it. Settings of methods that are not selected are read over: official clients
 * send them all at once.
 *
 * @param type {@code supervised} or {@code dpo}
 * @param hyperparameters numbers or {@code "auto"}
 */
record JobMethod(String type, ObjectNode hyperparameters) {
    static final String SUPERVISED = "supervised";
    static final String DPO = "dpo";
    private static final Set<String> KEYS = Set.of("type", SUPERVISED, DPO, "reinforcement");
    private static final Map<String, Set<String>> SETTINGS = Map.of(SUPERVISED,
            Set.of("n_epochs", "batch_size", "learning_rate_multiplier"), DPO,
            Set.of("n_epochs", "batch_size", "learning_rate_multiplier", "beta"));

    /**
     * Reads {@code method}, or the older {@code hyperparameters} beside it.
     *
     * @throws ApiException 400, naming the key
     */
    static JobMethod of(Fields body) {
        if (!body.has("method")) {
            return of(SUPERVISED, body.object("hyperparameters"));
        }
        Fields method = body.object("method");
        method.refuseExtra(KEYS);
        String type = method.required("type");
        if (type.equals("reinforcement")) {
            throw ApiException.badRequest("The method 'reinforcement' does not exist on this server yet; use"
                    + " 'supervised' or 'dpo'.", "method.type");
        }
        if (!SETTINGS.containsKey(type)) {
            throw ApiException.badRequest("Invalid value: '" + type
                    + "'. Supported values are: 'supervised', 'dpo', and 'reinforcement'.", "method.type",
                    "invalid_value");
        }
        Fields selected = method.object(type);
        selected.refuseExtra(Set.of("hyperparameters"));
        return of(type, selected.has("hyperparameters") || type.equals(DPO)
                ? selected.object("hyperparameters")
                : body.object("hyperparameters"));
    }

    private static JobMethod of(String type, Fields settings) {
        settings.refuseExtra(SETTINGS.getOrDefault(type, Set.of()));
        ObjectNode result = Json.object();
        result.set("batch_size", whole(settings, "batch_size", 256));
        if (type.equals(DPO)) {
            result.set("beta", positive(settings, "beta", 2));
        }
        result.set("learning_rate_multiplier", positive(settings, "learning_rate_multiplier", 1000));
        result.set("n_epochs", whole(settings, "n_epochs", 50));
        return new JobMethod(type, result);
    }

    private static JsonNode whole(Fields settings, String key, int max) {
        return isAuto(settings, key)
                ? Json.MAPPER.getNodeFactory().stringNode("auto")
                : Json.MAPPER.getNodeFactory().numberNode((int) settings.integer(key, 1, max, 1));
    }

    private static JsonNode positive(Fields settings, String key, double max) {
        if (isAuto(settings, key)) {
            return Json.MAPPER.getNodeFactory().stringNode("auto");
        }
        double number = settings.number(key, 0, max, 1);
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

    /** The settings as the wire shows them, under the method that has them. */
    static JobWire.Method wire(String type, String settings) {
        var shown = new JobWire.MethodSettings(settings);
        return new JobWire.Method(type, type.equals(SUPERVISED) ? shown : null, type.equals(DPO) ? shown : null);
    }

    /** What the methods are called. */
    static List<String> names() {
        return List.of(SUPERVISED, DPO);
    }
}
