package dev.attune.server.chat;

import dev.attune.server.protocol.ApiError;
import dev.attune.server.protocol.ApiException;
import dev.attune.server.protocol.Fields;
import dev.attune.server.protocol.Request;
import dev.attune.server.protocol.Response;
import dev.attune.server.protocol.Route;
import dev.attune.server.protocol.UnknownKeys;
import dev.attune.server.protocol.Wire;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** {@code /v1/chat/completions} that are kept: list, get, messages, update, delete. */
public final class StoredCompletionsApi {
    private static final String COMPLETION = "/v1/chat/completions/{completion}";
    private static final int MAX_BODY_BYTES = 1 << 20;
    private static final int MAX_LIMIT = 100;

    private final StoredCompletions stored;

    public StoredCompletionsApi(StoredCompletions stored) {
        this.stored = stored;
    }

    /** A list with the identifiers of its ends; empty strings where it is empty. */
    record CompletionList(String object, List<JsonNode> data, String firstId, String lastId, boolean hasMore)
            implements
                Wire {
        static CompletionList of(List<JsonNode> data, boolean hasMore) {
            return new CompletionList("list", data, data.isEmpty() ? "" : data.getFirst().path("id").asString(),
                    data.isEmpty() ? "" : data.getLast().path("id").asString(), hasMore);
        }
    }

    public List<Route> routes() {
        return List.of(Route.get("/v1/chat/completions", this::list),
                Route.get(COMPLETION, request -> Response.of(find(request))), Route.post(COMPLETION, this::update),
                Route.delete(COMPLETION, this::delete), Route.get(COMPLETION + "/messages", this::messages));
    }

    private Response list(Request request) {
        var metadata = new LinkedHashMap<String, String>();
        request.query().forEach((name, values) -> {
            if (name.startsWith("metadata[") && name.endsWith("]")) {
                metadata.put(name.substring("metadata[".length(), name.length() - 1), values.getLast());
            }
        });
        String after = request.query("after");
        var last = after.isEmpty() ? null : stored.find(after).orElseThrow(() -> absent(after, 400, "after"));
        var page = stored.list(request.query("model"), metadata, last, newestFirst(request),
                request.limit(20, MAX_LIMIT));
        return Response.of(CompletionList.of(page.items().stream().map(each -> (JsonNode) each.wire()).toList(),
                page.hasMore()));
    }

    private Response update(Request request) throws IOException {
        StoredCompletion completion = find(request);
        Fields body = request.fields(MAX_BODY_BYTES);
        UnknownKeys.refuse(body, Set.of("metadata"));
        if (!body.node().has("metadata")) {
            throw body.missing("metadata");
        }
        Map<String, String> metadata = ChatRequest.metadata(body);
        return Response.of(stored.update(completion, metadata));
    }

    private Response delete(Request request) {
        StoredCompletion completion = find(request);
        if (!stored.delete(completion)) {
            throw absent(completion.id(), 404, "completion_id");
        }
        return Response.of(new Wire.Deleted(completion.id(), "chat.completion.deleted", true));
    }

    private Response messages(Request request) {
        List<JsonNode> all = List.copyOf(find(request).asked().values());
        if (newestFirst(request)) {
            all = all.reversed();
        }
        String after = request.query("after");
        if (!after.isEmpty()) {
            int at = all.stream().map(message -> message.path("id").asString()).toList().indexOf(after);
            if (at < 0) {
                throw ApiException.badRequest("Invalid 'after': there is no message " + after + ".", "after");
            }
            all = all.subList(at + 1, all.size());
        }
        int limit = request.limit(20, MAX_LIMIT);
        return Response.of(CompletionList.of(all.subList(0, Math.min(limit, all.size())), all.size() > limit));
    }

    private static boolean newestFirst(Request request) {
        String order = request.query("order");
        if (!order.isEmpty() && !order.equals("asc") && !order.equals("desc")) {
            throw ApiException.badRequest("Invalid 'order': expected 'asc' or 'desc', but got '" + order
                    + "' instead.", "order");
        }
        return order.equals("desc");
    }

    private StoredCompletion find(Request request) {
        String id = request.part("completion");
        return stored.find(id).orElseThrow(() -> absent(id, 404, "completion_id"));
    }

    private static ApiException absent(String id, int status, String param) {
        return new ApiException(status,
                ApiError.invalidRequest("No such chat completion: " + id, param, "chat_completion_not_found"));
    }
}
