package dev.attune.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.engine.data.TrainingExample;
import dev.attune.engine.model.PackedBatch;
import dev.attune.text.MaskedTokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BatchRowsTest {
    private static final long SEED = Long.getLong("attune.seed", 5);

    private static List<TrainingExample> examples(Random random, int count, int shortest, int longest) {
        var examples = new ArrayList<TrainingExample>();
        for (int i = 0; i < count; i++) {
            int length = shortest + random.nextInt(longest - shortest + 1);
            var trained = new boolean[length];
            Arrays.fill(trained, length / 2, length, true);
            examples.add(new TrainingExample.Single(i + 1,
                    new MaskedTokens(random.ints(length, 1, 500).toArray(), trained)));
        }
        return examples;
    }

    private static List<PackedBatch> packed(List<TrainingExample> examples, int tokensPerPass) {
        return BatchRows.passes(examples, tokensPerPass).stream().map(BatchRows.Pass::batch).toList();
    }

    @Test
    void everyTokenOfEveryExampleIsInExactlyOnePass() {
        System.out.println("seed " + SEED);
        var random = new Random(SEED);
        for (int round = 0; round < 50; round++) {
            List<TrainingExample> examples = examples(random, 1 + random.nextInt(20), 2, 90);
            List<PackedBatch> passes = packed(examples, 300);

            assertThat(passes.stream().mapToInt(PackedBatch::realTokens).sum())
                    .isEqualTo(examples.stream().mapToInt(TrainingExample::length).sum());
            assertThat(passes.stream().mapToInt(PackedBatch::trainedTokens).sum())
                    .isEqualTo(examples.stream().mapToInt(TrainingExample::trainedCount).sum());
            assertThat(passes).allSatisfy(pass -> assertThat(pass.realTokens()).isLessThanOrEqualTo(300));
        }
    }

    @Test
    void anExampleLongerThanAPassHasOneOfItsOwn() {
        List<TrainingExample> examples = examples(new Random(1), 3, 400, 400);

        assertThat(packed(examples, 300)).hasSize(3);
    }

    @Test
    void littleRoomIsLeftEmpty() {
        List<TrainingExample> examples = examples(new Random(SEED), 64, 40, 100);
        for (int from = 0; from < 64; from += 8) {
            PackedBatch pass = packed(examples.subList(from, from + 8), 4096).getFirst();
            assertThat(pass.realTokens()).isGreaterThan(pass.rows() * pass.length() * 8 / 10);
        }
    }
}
