package dev.attune.server.http;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.attune.server.protocol.Json;
import dev.attune.server.protocol.Response;
import dev.attune.server.protocol.Route;
import dev.attune.server.protocol.Wire;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The OpenAPI document of this server, at {@code /openapi.json} and {@code /attune/v1/openapi.json}. */
public final class DescriptionApi {
    private static final String RESOURCE = "openapi.json";

    /** A document that is written elsewhere. */
    record Document(@JsonValue JsonNode value) implements Wire {}

    public List<Route> routes() {
        return List.of(Route.get("/openapi.json", request -> Response.of(new Document(document()))).open(),
                Route.get("/attune/v1/openapi.json", request -> Response.of(new Document(document()))).open());
    }

    /** The document, read anew: it is asked for rarely and is not worth keeping. */
    public static JsonNode document() {
        try (InputStream in = DescriptionApi.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(RESOURCE + " is missing from the class path");
            }
            return Json.tree(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
