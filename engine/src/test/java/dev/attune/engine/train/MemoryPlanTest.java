package dev.attune.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.engine.config.ModelConfig;
import dev.attune.engine.data.JobFailedException;
import org.junit.jupiter.api.Test;

class MemoryPlanTest {
    private static final ModelConfig CONFIG = ModelConfig.read(JobFixture.BASE);

    private static MemoryPlan plan(int longest, double machine) {
        return MemoryPlan.of(JobFixture.spec(false, 1, 64), CONFIG, 2, longest, (long) machine);
    }

    @Test
    void withRoomThePassesAreLargeAndNothingIsRecomputed() {
        MemoryPlan plan = plan(200, 64e9);

        assertThat(plan.tokensPerPass()).isEqualTo(JobRun.TOKENS_PER_PASS);
        assertThat(plan.recompute()).isFalse();
    }

    @Test
    void withLittleRoomPassesGetSmallerThenBlocksAreRecomputed() {
        double comfortable = plan(200, 64e9).bytes() / 0.7;
        MemoryPlan smaller = plan(200, 0.98 * comfortable);

        assertThat(smaller.tokensPerPass()).isLessThan(JobRun.TOKENS_PER_PASS);
        assertThat(smaller.recompute()).isFalse();
        assertThat(smaller.bytes()).isLessThan(plan(200, 64e9).bytes());

        MemoryPlan recomputed = MemoryPlan.fixed(JobFixture.spec(false, 1, 64), CONFIG, 2, 200,
                JobRun.TOKENS_PER_PASS, (long) (0.98 * comfortable));
        assertThat(recomputed.recompute()).isTrue();
        assertThat(recomputed.tokensPerPass()).isEqualTo(JobRun.TOKENS_PER_PASS);
    }

    @Test
    void whatDoesNotFitIsRefusedNamingWhatToLower() {
        assertThatThrownBy(() -> plan(200, 300e6)).isInstanceOfSatisfying(JobFailedException.class, failure -> {
            assertThat(failure.code()).isEqualTo("out_of_memory");
            assertThat(failure.sentence()).contains("this machine has 300 MB").contains("fewer threads than 2")
                    .contains("shorter than 200 tokens (max_tokens)");
        });
    }

    @Test
    void aSmallBatchTakesLittle() {
        MemoryPlan one = MemoryPlan.of(JobFixture.spec(false, 1, 1), CONFIG, 2, 200, (long) 64e9);

        assertThat(one.bytes()).isLessThan(plan(200, 64e9).bytes());
    }
}
