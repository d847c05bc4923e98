package dev.attune.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.attune.engine.config.LoraConfig;
import dev.attune.engine.config.ModelConfig;
import dev.attune.engine.config.Rope;
import dev.attune.engine.data.TrainingMethod;
import java.util.List;
import org.junit.jupiter.api.Test;

class AutoHyperparametersTest {
    private static ModelConfig config(int hidden) {
        return ModelConfig.llama(4096, hidden, 3 * hidden, 4, 4, 4, hidden / 4, 1e-6, 1024, true,
                new Rope(10000, new Rope.Scaling.None()), -1, List.of(2));
    }

    @Test
    void whateverTheRowsTheNumbersAreThoseOpenAiTakes() {
        for (int rows = 1; rows < 300_000; rows = rows * 5 / 4 + 1) {
            Hyperparameters auto = AutoHyperparameters.resolve(config(256), rows, 80L * rows, -1, -1, -1);
            assertThat(auto.epochs()).isBetween(1, 50);
            assertThat(auto.batchSize()).isBetween(1, 256);
            assertThat(auto.learningRateMultiplier()).isPositive();
        }
    }

    @Test
    void moreRowsNeverMeanMoreEpochsNorSmallerBatches() {
        Hyperparameters before = AutoHyperparameters.resolve(config(256), 1, 80, -1, -1, -1);
        for (int rows = 2; rows < 100_000; rows += 1 + rows / 50) {
            Hyperparameters auto = AutoHyperparameters.resolve(config(256), rows, 80L * rows, -1, -1, -1);
            assertThat(auto.batchSize()).isGreaterThanOrEqualTo(before.batchSize());
            before = auto;
        }
        assertThat(before.epochs()).isLessThan(5);
    }

    @Test
    void aSmallDataSetIsSeenOftenAsFarAsItsTokensAllow() {
        assertThat(AutoHyperparameters.resolve(config(256), 240, 32_160, -1, -1, -1))
                .isEqualTo(new Hyperparameters(11, 8, 1));
        assertThat(AutoHyperparameters.resolve(config(256), 40, 3_200, -1, -1, -1).epochs()).isEqualTo(15);
        assertThat(AutoHyperparameters.resolve(config(256), 100_000, 9_000_000, -1, -1, -1))
                .isEqualTo(new Hyperparameters(3, 64, 1));
    }

    @Test
    void theEmbeddingIsTrainedWhereItIsSmall() {
        LoraConfig small = AutoHyperparameters.adapter(config(256));
        assertThat(small.embedding()).isTrue();
        assertThat(small.rank()).isEqualTo(16);
        assertThat(AutoHyperparameters.adapter(config(1 << 20)).embedding()).isFalse();
    }

    @Test
    void whatIsGivenIsKept() {
        assertThat(AutoHyperparameters.resolve(config(256), 300, 24_000, 2, 3, 0.5))
                .isEqualTo(new Hyperparameters(2, 3, 0.5));
    }

    /** Tinker's rule: {@code 5e-5 · 10 · (2000 / hidden)^0.781}. */
    @Test
    void theLearningRateFallsWithTheWidthAsThePublishedRuleSays() {
        assertThat(rate(config(2000), TrainingMethod.SUPERVISED)).isEqualTo(5e-4);
        assertThat(rate(config(4096), TrainingMethod.SUPERVISED)).isBetween(2.85e-4, 2.87e-4);
    }

    @Test
    void allWeightsAndPreferencesAreLearnedAtATenthOfTheRate() {
        double adapter = rate(config(2000), TrainingMethod.SUPERVISED);
        var dpo = new TrainingMethod.Dpo(0.1);
        assertThat(rate(config(2000), dpo)).isCloseTo(adapter / 10, within(1e-12));
        assertThat(AutoHyperparameters.learningRate(config(2000), TrainingMethod.SUPERVISED, new Tuning.Full()))
                .isCloseTo(adapter / 10, within(1e-12));
        assertThat(AutoHyperparameters.learningRate(config(2000), dpo, new Tuning.Full()))
                .isCloseTo(adapter / 100, within(1e-12));
    }

    private static double rate(ModelConfig config, TrainingMethod method) {
        return AutoHyperparameters.learningRate(config, method, new Tuning.Lora(LoraConfig.allLinear(8)));
    }
}
