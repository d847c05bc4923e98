package dev.attune.server.jobs;

import dev.attune.server.protocol.ApiException;
import dev.attune.server.protocol.Fields;
import dev.attune.server.protocol.Json;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The {@code integrations} of a request: kept with the job and shown again, with every key that the protocol names. */
final class JobIntegrations {
    private static final int MOST = 5;
    private static final int MOST_TAGS = 50;
    private static final int LONGEST_TAG = 64;

    private JobIntegrations() {}

    /**
     * @return null where there is none
     * @throws ApiException 400, naming the place
     */
    static @Nullable ArrayNode of(Fields body) {
        List<JsonNode> wanted = body.array("integrations");
        if (wanted.isEmpty()) {
            return null;
        }
        if (wanted.size() > MOST) {
            throw ApiException.badRequest(
                    "Invalid 'integrations': array too long. Expected an array with maximum length "
                            + MOST + ", but got an array with length " + wanted.size() + " instead.",
                    "integrations",
                    "array_above_max_length");
        }
        ArrayNode all = Json.MAPPER.createArrayNode();
        for (JsonNode node : wanted) {
            String at = "integrations[" + all.size() + "]";
            if (!(node instanceof ObjectNode object)) {
                throw ApiException.badRequest("Invalid type for '" + at + "': expected an object.", at, "invalid_type");
            }
            all.add(integration(new Fields(object, at + ".")));
        }
        return all;
    }

    private static ObjectNode integration(Fields integration) {
        integration.refuseExtra(Set.of("type", "wandb"));
        String type = integration.required("type");
        if (!type.equals("wandb")) {
            throw ApiException.badRequest("Invalid value: '" + type + "'. Supported values are: 'wandb'.",
                    integration.at() + "type", "invalid_value");
        }
        if (!integration.has("wandb")) {
            throw integration.missing("wandb");
        }
        Fields wandb = integration.object("wandb");
        wandb.refuseExtra(Set.of("project", "name", "entity", "tags"));
        ObjectNode shown = Json.object().put("project", wandb.required("project"));
        shown.put("name", wandb.has("name") ? wandb.text("name", "") : null);
        shown.put("entity", wandb.has("entity") ? wandb.text("entity", "") : null);
        ArrayNode tags = shown.putArray("tags");
        for (JsonNode tag : wandb.array("tags")) {
            if (!tag.isString() || tag.stringValue().length() > LONGEST_TAG || tags.size() == MOST_TAGS) {
                throw ApiException.badRequest("Invalid '" + wandb.at() + "tags': expected at most " + MOST_TAGS
                        + " strings of at most " + LONGEST_TAG + " characters.", wandb.at() + "tags");
            }
            tags.add(tag.stringValue());
        }
        ObjectNode result = Json.object().put("type", type);
        result.set("wandb", shown);
        return result;
    }

    /** As the wire shows them: the run of a job carries its identifier. */
    static List<JsonNode> wire(@Nullable String stored, String jobId) {
        if (stored == null) {
            return List.of();
        }
        List<JsonNode> all = List.copyOf(Json.tree(stored).values());
        all.forEach(one -> ((ObjectNode) one.path("wandb")).put("run_id", jobId));
        return all;
    }
}
