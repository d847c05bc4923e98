package dev.attune.engine.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StopScanTest {
    private static final long SEED = Long.getLong("attune.seed", 3);

    /** The text up to the stop text that is complete first; of several complete at the same place the longest. */
    private static String cut(String text, List<String> stops) {
        for (int end = 1; end <= text.length(); end++) {
            int start = -1;
            for (String stop : stops) {
                if (text.substring(0, end).endsWith(stop) && (start < 0 || end - stop.length() < start)) {
                    start = end - stop.length();
                }
            }
            if (start >= 0) {
                return text.substring(0, start);
            }
        }
        return text;
    }

    private static String word(Random random, int shortest, int longest) {
        var word = new StringBuilder();
        for (int length = shortest + random.nextInt(longest - shortest + 1); length > 0; length--) {
            word.append((char) ('a' + random.nextInt(3)));
        }
        return word.toString();
    }

    @Test
    void whateverThePiecesTheTextEndsAtTheFirstStopAndNothingGivenOutIsTakenBack() {
        System.out.println("seed " + SEED);
        var random = new Random(SEED);
        for (int round = 0; round < 20_000; round++) {
            String text = word(random, 0, 20);
            var stops = new ArrayList<String>();
            for (int count = random.nextInt(4); count > 0; count--) {
                stops.add(word(random, 1, 4));
            }
            String expected = cut(text, stops);
            var scan = new StopScan(stops);
            var given = new StringBuilder();
            for (int at = 0; at < text.length();) {
                int to = Math.min(text.length(), at + 1 + random.nextInt(5));
                given.append(scan.append(text.substring(at, to)));
                assertThat(expected).startsWith(given);
                at = to;
            }
            if (!scan.stopped()) {
                given.append(scan.finish());
            }
            assertThat(given).as("%s at %s", text, stops).hasToString(expected);
            assertThat(scan.stopped()).isEqualTo(!expected.equals(text) || stops.stream().anyMatch(text::contains));
        }
    }

    @Test
    void textThatCannotBecomeAStopIsGivenOutAtOnce() {
        var scan = new StopScan(List.of("END"));

        assertThat(scan.append("Hello E")).isEqualTo("Hello ");
        assertThat(scan.append("N")).isEmpty();
        assertThat(scan.append("T")).isEqualTo("ENT");
        assertThat(scan.append("EEND and more")).isEqualTo("E");
        assertThat(scan.stopped()).isTrue();
        assertThat(scan.append("more")).isEmpty();
    }
}
