package dev.attune.engine.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.text.MaskedTokens;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TrainingOrderTest {
    private static final long SEED = Long.getLong("attune.seed", 31);

    private static List<TrainingExample> examples(int count, int firstLine) {
        return IntStream.range(0, count).<TrainingExample>mapToObj(i -> new TrainingExample.Single(firstLine + i,
                new MaskedTokens(new int[]{1, 2}, new boolean[]{false, true}))).toList();
    }

    private static List<Integer> lines(TrainingOrder order, int epoch) {
        return order.epoch(epoch).stream().map(TrainingExample::line).toList();
    }

    /** Every row of the training file once an epoch; replayed rows as often as each other, give or take one. */
    @Test
    void anEpochHasEveryTrainingRowOnceAndTheShareOfReplayedOnes() {
        System.out.println("seed " + SEED);
        var random = new SplittableRandom(SEED);
        for (int trial = 0; trial < 100; trial++) {
            int count = random.nextInt(1, 60);
            double share = random.nextDouble(0.05, 0.8);
            List<TrainingExample> training = examples(count, 1);
            List<TrainingExample> replay = examples(random.nextInt(1, 40), 1000);
            var order = new TrainingOrder(training, replay, share, random.nextLong());
            int replayed = order.size() - count;
            assertThat((double) replayed).isBetween(count * share / (1 - share) - 0.5,
                    count * share / (1 - share) + 0.5);
            List<TrainingExample> all = IntStream.range(0, 5).boxed().flatMap(epoch -> order.epoch(epoch).stream())
                    .toList();
            assertThat(all).hasSize(5 * order.size());
            Map<TrainingExample, Long> times = all.stream()
                    .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
            assertThat(training).allMatch(example -> times.get(example) == 5);
            long each = 5L * replayed / replay.size();
            assertThat(replay).allMatch(example -> {
                long own = times.getOrDefault(example, 0L);
                return own == each || own == each + 1;
            });
            assertThat(order.tokens(5)).isEqualTo(2L * all.size());
        }
    }

    @Test
    void whereItStandsDoesNotDependOnWhereItWas() {
        var order = new TrainingOrder(examples(20, 1), examples(7, 1000), 0.3, SEED);
        List<Integer> third = lines(order, 2);
        order.epoch(0);
        assertThat(lines(order, 2)).isEqualTo(third).isNotEqualTo(lines(order, 1));
        assertThat(lines(new TrainingOrder(examples(20, 1), examples(7, 1000), 0.3, SEED), 2)).isEqualTo(third);
    }

    @Test
    void withoutReplayItIsTheEpochsOrder() {
        List<TrainingExample> training = examples(9, 1);
        int[] expected = EpochOrder.of(SEED, 1, 9);
        assertThat(new TrainingOrder(training, List.of(), 0, SEED).epoch(1))
                .isEqualTo(IntStream.of(expected).mapToObj(training::get).toList());
    }
}
