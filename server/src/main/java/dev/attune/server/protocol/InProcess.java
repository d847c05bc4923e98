package dev.attune.server.protocol;

import dev.attune.server.store.Ids;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * Requests that the server sends to itself, without a connection: those in a batch, and those of graders that ask a
 * model. They pass the same endpoints as everybody's. Thread-safe.
 */
public final class InProcess {
    private final List<Route> routes;

    /** @param routes what can be asked: endpoints without varying parts in their path */
    public InProcess(List<Route> routes) {
        this.routes = List.copyOf(routes);
    }

    /**
     * An answer.
     *
     * @param body the answer's JSON, which is an error's envelope where the status is not 200
     */
    public record Reply(int status, String requestId, JsonNode body) {
        public boolean isOk() {
            return status == 200;
        }

        /** The error's sentence, or the empty text. */
        public String error() {
            return body.path("error").path("message").asString("");
        }
    }

    /** Whether there is such an endpoint. */
    public boolean knows(String path) {
        return routes.stream()
                .anyMatch(route -> route.method().equals("POST") && route.path().equals(path));
    }

    /** What can be asked, for a sentence. */
    public String paths() {
        return routes.stream().filter(route -> route.method().equals("POST")).map(route -> "'" + route.path() + "'")
                .collect(Collectors.joining(", "));
    }

    /** Posts a JSON object and waits for the answer in one piece. */
    public Reply post(String path, JsonNode body) {
        var request = new LocalRequest(Ids.next("req_"), Json.bytes(body));
        Route endpoint = routes.stream().filter(route -> route.method().equals("POST") && route.path().equals(path))
                .findFirst().orElseThrow(() -> new IllegalArgumentException("no endpoint " + path));
        try {
            return switch (endpoint.endpoint().handle(request)) {
                case Response.Body answer -> new Reply(200, request.id(), Json.tree(Json.text(answer.value())));
                case Response.Text text -> throw new IllegalStateException(path + " answers with text");
                case Response.Content content -> throw new IllegalStateException(path + " answers with a file");
                case Response.Events events -> refused(request, ApiException.badRequest(
                        "A stream cannot be answered here; leave 'stream' out.", "stream"));
            };
        } catch (IOException | RuntimeException e) {
            return refused(request, Failures.answer(e, request.id()));
        }
    }

    private static Reply refused(Request request, ApiException answer) {
        return new Reply(answer.status(), request.id(), Json.tree(Json.text(answer.error().envelope())));
    }

    private record LocalRequest(String id, byte[] json) implements Request {
        @Override
        public String part(String name) {
            return "";
        }

        @Override
        public Map<String, List<String>> query() {
            return Map.of();
        }

        @Override
        public String header(String name) {
            return name.equalsIgnoreCase("Content-Type") ? "application/json" : "";
        }

        @Override
        public long contentLength() {
            return json.length;
        }

        @Override
        public InputStream body() {
            return new ByteArrayInputStream(json);
        }
    }
}
