package dev.attune.pretraining;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.engine.config.ModelConfig;
import dev.attune.engine.config.Rope;
import dev.attune.engine.model.CausalLm;
import dev.attune.text.HuggingFaceTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PretrainingTest {
    private static final Path TOKENIZER = Path.of("..", "models", "attune-nano");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    Path dir;

    private PretrainingSettings settings(Path run, int vocabulary) {
        var shape = ModelConfig.llama(vocabulary, 32, 64, 2, 2, 2, 16, 1e-6, 256, true,
                new Rope(10000, new Rope.Scaling.None()), -1, List.of(2));
        return new PretrainingSettings(run, TOKENIZER, shape, Optional.empty(), 3, 0, 30_000, 2_000, 0.3, 0.02, 0.01,
                256, 4, 20_000, 2,
                true,
                Duration.ofHours(1), Duration.ofHours(1));
    }

    private void run(Path run, HuggingFaceTokenizer tokenizer) throws IOException {
        new Pretraining(settings(run, tokenizer.vocabularySize()), new Curriculum(tokenizer, 3),
                CurriculumProbes.all(1).subList(0, 2), tokenizer).run();
    }

    @Test
    void aStoppedRunGoesOnToTheSameModelAsOneThatWasNot() throws IOException {
        try (var tokenizer = HuggingFaceTokenizer.open(TOKENIZER)) {
            run(dir.resolve("whole"), tokenizer);
            Path stopped = dir.resolve("stopped");
            Files.createDirectories(stopped);
            Files.createFile(stopped.resolve("stop"));
            run(stopped, tokenizer);
            assertThat(stopped.resolve("stop")).doesNotExist();
            assertThat(stopped.resolve("checkpoint-00000001")).isDirectory();
            run(stopped, tokenizer);
            assertThat(Files.readAllBytes(stopped.resolve("export/model.safetensors")))
                    .isEqualTo(Files.readAllBytes(dir.resolve("whole/export/model.safetensors")));
        }
        List<JsonNode> log = Files.readAllLines(dir.resolve("whole/log.jsonl")).stream().map(JSON::readTree).toList();
        assertThat(log.getLast().path("exact_match").size()).isEqualTo(2);
        List<Double> losses = log.stream().filter(line -> line.has("loss")).map(line -> line.path("loss").asDouble())
                .toList();
        assertThat(losses).isNotEmpty().allMatch(loss -> loss < 9);
        try (CausalLm model = CausalLm.load(dir.resolve("whole/export"))) {
            assertThat(model.config().eosTokenIds()).containsExactly(2);
        }
    }

    @Test
    void theLearningRateRisesStaysAndFallsAndCanBeMadeToFallEarlier() {
        var start = new RunState(0, 0, 0, List.of(), 0, 700, 300);
        assertThat(start.rateShare(100)).isLessThan(0.02);
        assertThat(new RunState(0, 500, 0, List.of(), 0, 700, 300).rateShare(100)).isEqualTo(1);
        assertThat(new RunState(0, 850, 0, List.of(), 0, 700, 300).rateShare(100)).isEqualTo(0.5);
        RunState early = new RunState(0, 500, 0, List.of(), 0, 700, 300).decayNow(100);
        assertThat(early.rateShare(100)).isEqualTo(1);
        assertThat(early.finished()).isFalse();
        assertThat(new RunState(0, 600, 0, List.of(), 0, early.decayFrom(), early.decayTokens()).finished()).isTrue();
        RunState longer = new RunState(0, 850, 0, List.of(), 0, 700, 300).decayNow(400);
        assertThat(longer.rateShare(100)).isEqualTo(0.5);
        assertThat(new RunState(0, 1250, 0, List.of(), 0, longer.decayFrom(), longer.decayTokens()).finished())
                .isTrue();
    }
}
