package dev.attune.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.engine.data.TrainingExample;
import dev.attune.text.MaskedTokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GradientWorkersTest {
    private static final long SEED = Long.getLong("attune.seed", 9);

    @Test
    void sharesHoldEveryExampleOnceAndAreAboutEquallyLong() {
        System.out.println("seed " + SEED);
        var random = new Random(SEED);
        for (int round = 0; round < 200; round++) {
            var examples = new ArrayList<TrainingExample>();
            for (int count = 1 + random.nextInt(20); count > 0; count--) {
                int length = 1 + random.nextInt(100);
                examples.add(new TrainingExample.Single(1, new MaskedTokens(new int[length], new boolean[length])));
            }
            int count = 1 + random.nextInt(4);
            List<BatchShare> shares = BatchShare.of(examples, count);

            assertThat(BatchShare.together(shares, shares.stream().map(BatchShare::examples).toList()))
                    .isEqualTo(examples);
            int[] sizes = shares.stream()
                    .mapToInt(share -> share.examples().stream().mapToInt(TrainingExample::length).sum()).toArray();
            int longest = examples.stream().mapToInt(TrainingExample::length).max().orElseThrow();
            assertThat(java.util.Arrays.stream(sizes).max().orElseThrow()
                    - java.util.Arrays.stream(sizes).min().orElseThrow()).isLessThanOrEqualTo(longest);
        }
    }
}
