package dev.attune.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;

/**
 * The published component schemas of the OpenAI protocol, where their file is at hand: {@code -Dattune.schemas=FILE}, or
 * beside the checkout. It is not part of this repository; where it is absent, that is said once and nothing is checked.
 */
public final class Schemas {
    private static final String ID = "https://local/openai-ft";
    private static final Optional<SchemaRegistry> REGISTRY = load();
    private static final Map<String, Schema> SCHEMAS = new ConcurrentHashMap<>();

    private Schemas() {}

    static boolean atHand() {
        return REGISTRY.isPresent();
    }

    public static void check(String name, JsonNode body) {
        REGISTRY.ifPresent(registry -> {
            Schema schema = SCHEMAS.computeIfAbsent(name,
                    key -> registry.getSchema(SchemaLocation.of(ID + "#/$defs/" + key)));
            assertThat(schema.validate(body.toString(), InputFormat.JSON)).as(name + ": " + body).isEmpty();
        });
    }

    private static Optional<SchemaRegistry> load() {
        Path file = Path.of(System.getProperty("attune.schemas", "../../shared/openai/ft-schemas.json"));
        if (!Files.exists(file)) {
            System.out.println("The protocol's schemas are not at " + file.toAbsolutePath().normalize()
                    + "; wire bodies are not checked against them (-Dattune.schemas=FILE).");
            return Optional.empty();
        }
        try {
            String text = Files.readString(file);
            return Optional.of(SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12,
                    builder -> builder.schemas(Map.of(ID, text))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
