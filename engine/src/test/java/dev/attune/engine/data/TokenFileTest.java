package dev.attune.engine.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.text.MaskedTokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenFileTest {
    private static final long SEED = Long.getLong("attune.seed", 11);

    @TempDir
    Path folder;

    private static MaskedTokens tokens(Random random) {
        var ids = new int[random.nextInt(40)];
        var trained = new boolean[ids.length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = random.nextInt(1 << random.nextInt(1, 31));
            trained[i] = random.nextBoolean();
        }
        return new MaskedTokens(ids, trained);
    }

    private static String told(TrainingExample example) {
        return example.line() + example.sequences().stream()
                .map(one -> Arrays.toString(one.ids()) + Arrays.toString(one.trained())).toList().toString();
    }

    private Path write(List<TrainingExample> examples) throws IOException {
        Path file = folder.resolve("tokens/training.bin");
        try (var writer = new TokenFile.Writer(file)) {
            for (TrainingExample example : examples) {
                writer.add(example);
            }
            writer.publish();
        }
        return file;
    }

    @Test
    void whatWasWrittenIsReadInAnyOrder() throws Exception {
        System.out.println("seed " + SEED);
        var random = new Random(SEED);
        var examples = new ArrayList<TrainingExample>();
        for (int i = 0; i < 3000; i++) {
            examples.add(random.nextInt(3) == 0
                    ? new TrainingExample.Pair(i + 1, tokens(random), tokens(random))
                    : new TrainingExample.Single(i + 1, tokens(random)));
        }
        try (TokenFile file = TokenFile.open(write(examples))) {
            assertThat(file).hasSize(3000);
            for (int trial = 0; trial < 5000; trial++) {
                int index = random.nextInt(3000);
                assertThat(told(file.get(index))).isEqualTo(told(examples.get(index)));
            }
            assertThatThrownBy(() -> file.get(3000)).isInstanceOf(IndexOutOfBoundsException.class);
        }
        try (var left = Files.list(folder.resolve("tokens"))) {
            assertThat(left).hasSize(1);
        }
    }

    @Test
    void aFileThatIsCutIsRefused() throws Exception {
        Path file = write(List.of(new TrainingExample.Single(1, tokens(new Random(1)))));
        byte[] bytes = Files.readAllBytes(file);
        for (int length = 0; length < bytes.length; length++) {
            Files.write(file, Arrays.copyOf(bytes, length));
            assertThatThrownBy(() -> TokenFile.open(file)).isInstanceOf(IOException.class)
                    .hasMessageContaining("not whole");
        }
    }

    @Test
    void whatIsNotPublishedLeavesNothing() throws Exception {
        Path file = folder.resolve("tokens/training.bin");
        try (var writer = new TokenFile.Writer(file)) {
            writer.add(new TrainingExample.Single(1, tokens(new Random(1))));
        }
        try (var left = Files.list(folder.resolve("tokens"))) {
            assertThat(left).isEmpty();
        }
    }
}
