package dev.attune.server.chat;

import dev.attune.server.protocol.ApiError;
import dev.attune.server.protocol.ApiException;
import dev.attune.server.protocol.Fields;
import dev.attune.server.protocol.InProcess;
import dev.attune.server.protocol.Json;
import dev.attune.server.protocol.Request;
import dev.attune.server.protocol.Response;
import dev.attune.server.protocol.Route;
import dev.attune.server.protocol.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code POST /attune/v1/compare}: two or more models on one prompt, side by side. The body is that of a chat completion
 * with {@code models} in the place of {@code model}; a model that fails has an error beside the others' answers.
 */
public final class CompareApi {
    private static final int MOST_MODELS = 8;

    private final InProcess server;

    public CompareApi(InProcess server) {
        this.server = server;
    }

    /** What each model answers, in the order of the request. */
    record Comparison(String object, List<Compared> data) implements Wire {}

    /** One model's chat completion, or why there is none. */
    record Compared(String model, JsonNode completion, JsonNode error) implements Wire {}

    public List<Route> routes() {
        return List.of(Route.post("/attune/v1/compare", this::compare));
    }

    private Response compare(Request request) throws IOException {
        Fields body = request.fields(ChatApi.MAX_BODY_BYTES);
        List<JsonNode> models = body.array("models");
        if (models.size() < 2 || models.size() > MOST_MODELS
                || models.stream().anyMatch(name -> !name.isString() || name.stringValue().isEmpty())) {
            throw ApiException.badRequest("Invalid 'models': expected the names of 2 to " + MOST_MODELS + " models.",
                    "models");
        }
        for (String key : Set.of("model", "stream", "store")) {
            if (body.has(key)) {
                throw ApiException.badRequest("Unknown parameter: '" + key + "'.", key, "unknown_parameter");
            }
        }
        var compared = new ArrayList<Compared>();
        for (JsonNode name : models) {
            ObjectNode question = body.node().deepCopy();
            question.remove("models");
            question.put("model", name.stringValue());
            InProcess.Reply reply = server.post("/v1/chat/completions", question);
            JsonNode nothing = Json.MAPPER.nullNode();
            if (!reply.isOk() && models.indexOf(name) == 0 && isOwnFault(reply)) {
                throw new ApiException(reply.status(), Json.MAPPER.treeToValue(reply.body().path("error"),
                        ApiError.class));
            }
            compared.add(new Compared(name.stringValue(), reply.isOk() ? reply.body() : nothing,
                    reply.isOk() ? nothing : reply.body().path("error")));
        }
        return Response.of(new Comparison("attune.comparison", compared));
    }

    /** Whether no model could answer such a request. */
    private static boolean isOwnFault(InProcess.Reply reply) {
        return reply.status() == 400 && !reply.body().path("error").path("param").asString("").equals("model");
    }
}
