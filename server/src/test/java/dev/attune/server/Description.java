package dev.attune.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.attune.server.http.DescriptionApi;
import dev.attune.server.protocol.ApiException;
import dev.attune.server.protocol.Json;
import dev.attune.server.protocol.Response;
import dev.attune.server.protocol.Route;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.JsonNode;

/** Holds every answer of a server against what its own OpenAPI document says of it. */
final class Description {
    private static final String ID = "https://local/attune";
    private static final JsonNode DOCUMENT = DescriptionApi.document();
    private static final SchemaRegistry REGISTRY = SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12, builder -> builder.schemas(Map.of(ID, DOCUMENT.toString())));
    private static final Map<String, Schema> SCHEMAS = new ConcurrentHashMap<>();

    private final List<String> faults = new CopyOnWriteArrayList<>();

    /** What is described without a version in its path; all else that has none is OpenAI's, as its suites ask for it. */
    private static final Set<String> OUTSIDE = Set.of("/openapi.json", "/healthz", "/readyz", "/metrics");

    /** The same endpoints, each answer looked at. */
    List<Route> around(List<Route> routes) {
        return routes.stream().map(route -> route.answeredBy(request -> {
            try {
                return looked(route, route.endpoint().handle(request));
            } catch (ApiException e) {
                check(route, "default", "application/json", Json.text(e.error().envelope()));
                throw e;
            }
        })).toList();
    }

    /** Fails where an answer was not as it is described. */
    void verify() {
        assertThat(faults).as("answers that are not as the OpenAPI document says").isEmpty();
    }

    private Response looked(Route route, Response response) {
        return switch (response) {
            case Response.Body body -> {
                check(route, "200", "application/json", Json.text(body.value()));
                yield response;
            }
            case Response.Events events ->
                new Response.Events(sink -> events.source().writeTo(new Response.EventSink() {
                    @Override
                    public void send(String data) throws java.io.IOException {
                        if (!data.equals("[DONE]") && !Json.tree(data).has("error")) {
                            check(route, "200", "text/event-stream", data);
                        }
                        sink.send(data);
                    }

                    @Override
                    public void comment(String text) throws java.io.IOException {
                        sink.comment(text);
                    }
                }));
            default -> response;
        };
    }

    private void check(Route route, String status, String media, String body) {
        boolean whole = OUTSIDE.contains(route.path()) || route.path().startsWith("/v1")
                || route.path().startsWith("/attune");
        String path = whole ? route.path() : "/v1" + route.path();
        String where = String.join("/", "#", "paths", escaped(path), route.method().toLowerCase(),
                "responses", status, "content", escaped(media), "schema");
        if (status.equals("default")) {
            where = "#/components/schemas/Error";
        }
        try {
            Schema schema = SCHEMAS.computeIfAbsent(where,
                    key -> REGISTRY.getSchema(SchemaLocation.of(ID + key)));
            schema.validate(body, InputFormat.JSON)
                    .forEach(fault -> faults.add(route.method() + " " + route.path() + ": " + fault + " in " + body));
        } catch (RuntimeException e) {
            faults.add(route.method() + " " + route.path() + " is not described: " + e);
        }
    }

    private static String escaped(String part) {
        return part.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D");
    }
}
