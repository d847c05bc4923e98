package dev.attune.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.attune.evals.score.Scorers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The schema that editors use and the reader that runs use accept the same recipes. */
class RecipeSchemaTest {
    private static final Path ROOT = Path.of("..");
    private static final YAMLMapper YAML = YAMLMapper.builder().build();
    private static final Schema SCHEMA = schema();

    @TempDir
    Path folder;

    private static Schema schema() {
        try {
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(Files.readString(ROOT.resolve("schemas/recipe.schema.json")), InputFormat.JSON);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static List<String> faults(JsonNode recipe) {
        return SCHEMA.validate(recipe.toString(), InputFormat.JSON).stream().map(Object::toString).toList();
    }

    private boolean isRead(String yaml) throws IOException {
        Path file = Files.writeString(folder.resolve("recipe.yaml"), yaml);
        try {
            Recipe.read(file);
            return true;
        } catch (WorkflowException e) {
            return false;
        }
    }

    @Test
    void bothTakeTheExamplesAndRefuseTheWrongOnes() throws IOException {
        for (String good : List.of(RecipeTest.MINIMAL, RecipeTest.FULL)) {
            assertThat(faults(YAML.readTree(good))).isEmpty();
        }
        for (var wrong : RecipeTest.wrongRecipes()) {
            String yaml = (String) wrong.get()[0];
            assertThat(faults(YAML.readTree(yaml))).as(yaml).isNotEmpty();
        }
    }

    @Test
    void bothAgreeOnRandomRecipes() throws IOException {
        Random random = Seeds.random("RecipeSchemaTest");
        int accepted = 0;
        for (int round = 0; round < 1500; round++) {
            Map<String, Object> recipe = recipe(random);
            String yaml = JsonMapper.shared().writeValueAsString(recipe);
            boolean read = isRead(yaml);
            List<String> faults = faults(YAML.readTree(yaml));
            assertThat(faults.isEmpty()).as("%s %s", yaml, faults).isEqualTo(read);
            accepted += read ? 1 : 0;
        }
        assertThat(accepted).as("recipes that both accept").isBetween(100, 1400);
    }

    @Test
    void theSchemaOffersTheScorersThatThereAre() throws IOException {
        JsonNode schema = JsonMapper.shared().readTree(Files.readString(ROOT.resolve("schemas/recipe.schema.json")));
        var offered = new ArrayList<String>();
        schema.at("/properties/evaluate/properties/scorers/items/anyOf/0/enum")
                .forEach(name -> offered.add(name.asString()));
        assertThat(offered).isEqualTo(Scorers.names());
    }

    @Test
    void everyRecipeThatShipsIsAcceptedAndNamesItsSchema() throws IOException {
        Path examples = ROOT.resolve("examples");
        if (!Files.isDirectory(examples)) {
            return;
        }
        try (var found = Files.walk(examples, 2)) {
            for (Path file : found.filter(f -> f.getFileName().toString().equals("recipe.yaml")).toList()) {
                String yaml = Files.readString(file);
                assertThat(yaml).as("%s", file)
                        .startsWith("# yaml-language-server: $schema=../../schemas/recipe.schema.json\n");
                assertThat(faults(YAML.readTree(yaml))).as("%s", file).isEmpty();
                Recipe recipe = Recipe.read(file);
                assertThat(recipe.trainFile()).as("%s", file).isRegularFile();
            }
        }
    }

    /** A recipe in which each value is sometimes good, sometimes at its edge, sometimes nonsense. */
    private static Map<String, Object> recipe(Random random) {
        var recipe = new LinkedHashMap<String, Object>();
        put(random, 0.98, recipe, "name", "a", "A-b_c.9", ".a", "", 7, "x".repeat(64), "x".repeat(65), "good");
        put(random, 0.98, recipe, "base", "attune-nano", "gpt", " ", true);
        put(random, 0.5, recipe, "provider", "attune", "openai", "azure", "ATTUNE");
        var data = new LinkedHashMap<String, Object>();
        put(random, 0.98, data, "train", "t.jsonl", "t", "");
        put(random, 0.2, data, "validation", "v.jsonl", "v", 1);
        put(random, 0.2, data, "test", "t2.jsonl", "t2", "t3");
        var split = new LinkedHashMap<String, Object>();
        put(random, 0.5, split, "validation", 0, 0.1, 0.4, 0.41, -0.1, "0.1");
        put(random, 0.5, split, "test", 0.01, 0.2, 0.5, 0, 1);
        put(random, 0.4, data, "split", split, split, split, split, split, List.of());
        put(random, 0.2, data, "group", "customer", "/metadata/c", "c", "");
        put(random, 0.2, data, "allow", List.of("contradiction"), List.of("contradiction"), List.of(),
                List.of("contradiction", "contradiction"), List.of("leak"), "contradiction");
        put(random, 0.3, data, "seed", 0, 7, 2147483647L, 2147483648L, -1, 1.5, 3.0);
        put(random, 0.97, recipe, "data", data, data, data, data, data, data, data, "d");
        var tune = new LinkedHashMap<String, Object>();
        put(random, 0.4, tune, "method", "supervised", "dpo", "orpo");
        put(random, 0.2, tune, "beta", "auto", 0.1, 2, 2.1);
        var lora = new LinkedHashMap<String, Object>();
        put(random, 0.3, lora, "r", 1, 8, 1024, 1025, "8");
        put(random, 0.3, lora, "lora_alpha", 0.5, 16, -1);
        put(random, 0.3, lora, "lora_dropout", 0, 0.1, 1);
        put(random, 0.3, lora, "target_modules", "all-linear", List.of("q_proj"), List.of(), List.of(1), "");
        put(random, 0.3, lora, "use_dora", true, false, "no");
        put(random, 0.3, lora, "rank_pattern", Map.of("q_proj", 2), Map.of("q_proj", 0), 3);
        put(random, 0.3, lora, "alpha_pattern", Map.of("q_proj", 2.5), Map.of("q_proj", "2"));
        put(random, 0.03, lora, "rank", 8);
        put(random, 0.2, tune, "lora", lora, lora, lora, 7);
        var training = new LinkedHashMap<String, Object>();
        put(random, 0.3, training, "tuning", "lora", "full", "qlora");
        put(random, 0.3, training, "over_length", "drop", "split", "cut");
        put(random, 0.3, training, "max_tokens", 2, 512, 1);
        put(random, 0.3, training, "replay_file", "g.jsonl", "");
        put(random, 0.2, training, "replay_share", 0.1, 0.9, 0.91);
        put(random, 0.3, training, "patience", 0, 3, 51);
        put(random, 0.3, training, "validate_every", 0, 10, -1);
        put(random, 0.3, training, "row_losses", true, false, 1);
        put(random, 0.2, tune, "training", training, training, training, List.of());
        put(random, 0.3, tune, "epochs", "auto", 1, 50, 51, 0, "3", 3.0);
        put(random, 0.3, tune, "batch_size", "auto", 1, 256, 257, "auto ");
        put(random, 0.3, tune, "learning_rate_multiplier", "auto", 0.0001, 2, 1000, 0, 1001);
        put(random, 0.3, tune, "suffix", "a", "a-B_9", "a.b", "x".repeat(65));
        put(random, 0.2, tune, "seed", 1, 2, -1);
        put(random, 0.03, tune, "rank", 8);
        put(random, 0.5, recipe, "tune", tune);
        var evaluate = new LinkedHashMap<String, Object>();
        put(random, 0.4, evaluate, "scorers", List.of("exact"), List.of("exact", "json_fields", "contains"), List.of(),
                "exact",
                List.of("exact", "exact"), List.of("judge"));
        put(random, 0.3, evaluate, "against", "base", "ft:a:b:c:d", "");
        put(random, 0.3, evaluate, "max_rows", 1, 1000000, 0, 1000001);
        put(random, 0.4, recipe, "evaluate", evaluate);
        put(random, 0.3, recipe, "report", "r.html", "a/b c.html", "r.htm", "", ".html");
        put(random, 0.1, evaluate, "slices", List.of("channel"), "channel", List.of(), Map.of("a", 1));
        put(random, 0.2, recipe, "gate", "none", Map.of("target", Map.of("superior_by", 0)),
                Map.of("general", Map.of("non_inferior_margin", 0)),
                Map.of("errors", Map.of("at_most", 0.5)), Map.of("target", Map.of("superior_by", 2)),
                Map.of("latency", Map.of()), Map.of("gaet", 1));
        return recipe;
    }

    private static void put(Random random, double share, Map<String, Object> map, String key, Object... values) {
        if (random.nextDouble() < share) {
            map.put(key, values[random.nextInt(random.nextInt(1, values.length + 1))]);
        }
    }
}
