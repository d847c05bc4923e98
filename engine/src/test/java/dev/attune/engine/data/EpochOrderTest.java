package dev.attune.engine.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EpochOrderTest {
    @Test
    void everyEpochTakesEveryExampleOnceInAnOrderOfItsOwn() {
        var orders = new HashSet<String>();
        for (long seed = 0; seed < 5; seed++) {
            for (int epoch = 0; epoch < 5; epoch++) {
                int[] order = EpochOrder.of(seed, epoch, 50);
                assertThat(Arrays.stream(order).sorted())
                        .containsExactly(IntStream.range(0, 50).boxed().toArray(Integer[]::new));
                orders.add(Arrays.toString(order));
            }
        }
        assertThat(orders).hasSize(25);
    }

    /** What was trained in this order yesterday must be gone on with in this order today. */
    @Test
    void theOrderOfASeedNeverChanges() {
        assertThat(EpochOrder.of(7, 2, 8)).containsExactly(3, 4, 1, 5, 0, 7, 2, 6);
    }

    @Test
    void eachExampleComesToEachPlaceAboutAsOften() {
        int[][] seen = new int[6][6];
        for (int epoch = 0; epoch < 6000; epoch++) {
            int[] order = EpochOrder.of(3, epoch, 6);
            for (int place = 0; place < 6; place++) {
                seen[place][order[place]]++;
            }
        }
        for (int[] row : seen) {
            for (int count : row) {
                assertThat(count).isBetween(850, 1150);
            }
        }
    }
}
