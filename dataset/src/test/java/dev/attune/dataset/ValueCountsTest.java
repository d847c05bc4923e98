package dev.attune.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Numbers of rows in little memory. */
class ValueCountsTest {
    @Test
    void distributionsAreThoseOfTheNumbersThemselves() {
        long seed = Long.getLong("attune.seed", new Random().nextLong());
        System.out.println("ValueCountsTest: -Dattune.seed=" + seed);
        var random = new Random(seed);
        for (int size : new int[]{0, 1, 2, 3, 10, 1000}) {
            long[] values = LongStream.generate(() -> random.nextInt(50)).limit(size).toArray();
            var counts = new ValueCounts();
            LongStream.of(values).forEach(counts::add);
            assertThat(counts.distribution()).isEqualTo(Distribution.of(values));
        }
    }

    @Test
    void tokensOfManyRowsAreAList() {
        var counts = new TokenCounts();
        for (int i = 0; i < 10_000; i++) {
            counts.append(new TokenCount(2 * i, i));
        }
        assertThat(counts).hasSize(10_000).contains(new TokenCount(8192, 4096), new TokenCount(8190, 4095));
        assertThat(counts.getLast()).isEqualTo(new TokenCount(19_998, 9_999));
        assertThat(counts.subList(4095, 4097)).containsExactly(new TokenCount(8190, 4095), new TokenCount(8192, 4096));
        assertThatThrownBy(() -> counts.get(10_000)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> counts.add(new TokenCount(1, 1))).isInstanceOf(UnsupportedOperationException.class);
    }
}
