package dev.attune.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpillSorterTest {
    @TempDir
    Path folder;

    private List<long[]> sorted(List<long[]> records, int width, long budget, boolean spilled) {
        var read = new ArrayList<long[]>();
        try (var sorter = new SpillSorter(folder, width, budget)) {
            records.forEach(sorter::add);
            for (long[] next = sorter.next(); next != null; next = sorter.next()) {
                read.add(next.clone());
            }
            assertThat(sorter.next()).isNull();
            assertThat(sorter.hasSpilled()).isEqualTo(spilled);
        }
        return read;
    }

    @Test
    void recordsComeInOrderWhetherTheyFitOrNot() throws IOException {
        long seed = Long.getLong("attune.seed", System.nanoTime());
        System.out.println("SpillSorterTest: -Dattune.seed=" + seed);
        var random = new SplittableRandom(seed);
        for (int round = 0; round < 8; round++) {
            int width = 1 + random.nextInt(5);
            int few = 1 + random.nextInt(50);
            var records = new ArrayList<long[]>();
            for (int i = random.nextInt(1200); i > 0; i--) {
                records.add(random.longs(width, -few, few).toArray());
            }
            List<long[]> expected = records.stream().sorted(Arrays::compare).toList();
            assertThat(sorted(records, width, 1 << 24, false)).usingElementComparator(Arrays::compare)
                    .isEqualTo(expected);
            assertThat(sorted(records, width, 0, records.size() > 4)).usingElementComparator(Arrays::compare)
                    .isEqualTo(expected);
        }
        try (var left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void nothingIsSortedToNothing() {
        assertThat(sorted(List.of(), 3, 1 << 20, false)).isEmpty();
        assertThat(sorted(List.of(new long[]{Long.MAX_VALUE}, new long[]{Long.MIN_VALUE}), 1, 0, false))
                .containsExactly(new long[]{Long.MIN_VALUE}, new long[]{Long.MAX_VALUE});
    }
}
