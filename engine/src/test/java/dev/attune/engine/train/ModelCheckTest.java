package dev.attune.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.engine.model.Golden;
import dev.attune.engine.tensor.Safetensors;
import dev.attune.engine.tensor.SafetensorsWriter;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelCheckTest {
    private static final long PLENTY = 1L << 40;

    @TempDir
    Path dir;

    private static ModelCheck check(Path directory) {
        return ModelCheck.of(directory, PLENTY);
    }

    /** The tokenizer and template of one model, with the configuration of another. */
    private void copy(String golden) throws IOException {
        for (String file : new String[]{"tokenizer.json", "tokenizer_config.json", "chat_template.jinja"}) {
            if (Files.exists(JobFixture.BASE.resolve(file))) {
                Files.copy(JobFixture.BASE.resolve(file), dir.resolve(file));
            }
        }
        try (Golden other = Golden.open(golden)) {
            Files.copy(other.dir().resolve("config.json"), dir.resolve("config.json"));
        }
    }

    @Test
    void aWholeModelPassesWithItsFacts() {
        ModelCheck check = check(JobFixture.BASE);
        assertThat(check.problems()).isEmpty();
        assertThat(check.passes()).isTrue();
        assertThat(check.facts()).hasValueSatisfying(facts -> {
            assertThat(facts.family()).isEqualTo("llama");
            assertThat(facts.parameters()).isPositive();
            assertThat(facts.memory().weights()).isEqualTo(4 * facts.parameters());
            assertThat(facts.memory().serving()).isGreaterThan(facts.memory().weights());
            assertThat(facts.memory().tuning()).isGreaterThan(facts.memory().serving());
        });
    }

    @Test
    void allThatIsInTheWayIsToldAtOnce() throws IOException {
        copy("llama");
        try (Golden golden = Golden.open("llama"); Safetensors weights = Safetensors.openModel(golden.dir())) {
            var writer = new SafetensorsWriter();
            for (String name : weights.names()) {
                float[] values = weights.floats(name);
                long[] shape = weights.shape(name);
                if (name.endsWith("layers.0.mlp.up_proj.weight")) {
                    values[0] = Float.NaN;
                }
                if (name.equals("lm_head.weight")) {
                    shape = new long[]{shape[1], shape[0]};
                }
                if (!name.equals("model.norm.weight")) {
                    writer.add(name, SafetensorsWriter.DataType.F32, shape, MemorySegment.ofArray(values));
                }
            }
            writer.write(dir.resolve("model.safetensors"));
        }
        ModelCheck check = check(dir);
        assertThat(check.passes()).isFalse();
        assertThat(check.problems()).hasSize(4)
                .anyMatch(problem -> problem.contains("no tensor model.norm.weight"))
                .anyMatch(problem -> problem.contains("lm_head.weight has shape [32, 96]"))
                .anyMatch(problem -> problem.contains("up_proj.weight") && problem.contains("NaN"))
                .anyMatch(problem -> problem.contains("The tokenizer has") && problem.contains("96 rows"))
                .allMatch(problem -> problem.endsWith("."));
    }

    @Test
    void aFolderWithoutAnythingSaysSo() {
        assertThat(check(dir.resolve("nowhere")).problems()).singleElement().asString().contains("no directory");
        assertThat(check(dir).problems()).anyMatch(problem -> problem.contains("config.json"))
                .anyMatch(problem -> problem.contains("tokenizer.json"))
                .anyMatch(problem -> problem.contains("chat template"));
    }

    @Test
    void aMachineThatIsTooSmallIsInTheWay() {
        ModelCheck check = ModelCheck.of(JobFixture.BASE, 1 << 20);
        assertThat(check.problems()).singleElement().asString().contains("memory").contains("1 MiB");
    }
}
