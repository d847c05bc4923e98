package dev.attune.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.server.AttuneServer;
import dev.attune.server.Rig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The OpenAPI document and the server say the same. */
class DescriptionTest {

    @Test
    void everyEndpointIsDescribed_andNothingElseIs(@TempDir Path home) {
        var there = new TreeSet<String>();
        AttuneServer.start(Rig.settings(home, 0, ""), routes -> {
            routes.forEach(route -> there.add(route.method() + " " + route.path()));
            return routes;
        }).close();
        var described = new TreeSet<String>();
        DescriptionApi.document().path("paths").properties().forEach(path -> path.getValue().propertyNames()
                .forEach(method -> described.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));

        assertThat(described).isEqualTo(there);
    }

    @Test
    void documentIsServed_andItsReferencesPointSomewhere(@TempDir Path home) throws Exception {
        try (var rig = Rig.start(home)) {
            JsonNode document = rig.get("/openapi.json");
            assertThat(document).isEqualTo(DescriptionApi.document()).isEqualTo(rig.get("/attune/v1/openapi.json"));
            assertThat(document.path("openapi").asString()).startsWith("3.1");
            var references = new ArrayList<String>();
            collect(document, references);
            assertThat(references).isNotEmpty().allSatisfy(reference -> assertThat(
                    document.at(reference.substring(1)).isMissingNode()).as(reference).isFalse());
            List<String> names = new ArrayList<>();
            document.path("paths").forEach(path -> path.forEach(
                    operation -> names.add(operation.path("operationId").asString())));
            assertThat(names).doesNotHaveDuplicates().doesNotContain("");
        }
    }

    private static void collect(JsonNode node, List<String> references) {
        if (node.path("$ref").isString()) {
            references.add(node.path("$ref").asString());
        }
        node.forEach(child -> collect(child, references));
    }
}
