package dev.attune.evals.score;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * chrF with β = 2: F of runs of one to six letters, white space left out (Popović 2015). Letters are numbered, so that a run
 * of six is one long number wherever both texts together have at most 1,024 different ones.
 */
final class ChrF {
    private ChrF() {}

    static double of(String expected, String actual) {
        int[] want = written(expected);
        int[] got = written(actual);
        if (want.length == 0 || got.length == 0) {
            return want.length == got.length ? 1 : 0;
        }
        Map<Integer, Integer> ids = new HashMap<>();
        int[] a = numbered(want, ids);
        int[] b = numbered(got, ids);
        int bits = Math.max(1, Integer.SIZE - Integer.numberOfLeadingZeros(ids.size() - 1));
        var runs = new Overlap();
        double precision = 0;
        double recall = 0;
        int orders = 0;
        for (int n = 1; n <= 6; n++) {
            if (a.length < n && b.length < n) {
                continue;
            }
            orders++;
            double both = n * bits < Long.SIZE - 1
                    ? runs.ofRuns(a, b, n, bits)
                    : Overlap.of(letterRuns(a, n), letterRuns(b, n));
            precision += b.length < n ? 0 : both / (b.length - n + 1);
            recall += a.length < n ? 0 : both / (a.length - n + 1);
        }
        precision /= orders;
        recall /= orders;
        return precision + recall == 0 ? 0 : 5 * precision * recall / (4 * precision + recall);
    }

    /** The letters without white space. */
    private static int[] written(String text) {
        return text.codePoints().filter(c -> c != ' ' && (c < '\t' || c > '\r')).limit(Similarity.MOST_LETTERS)
                .toArray();
    }

    private static int[] numbered(int[] letters, Map<Integer, Integer> ids) {
        int[] numbers = new int[letters.length];
        for (int i = 0; i < letters.length; i++) {
            Integer known = ids.putIfAbsent(letters[i], ids.size());
            numbers[i] = known == null ? ids.size() - 1 : known;
        }
        return numbers;
    }

    private static List<String> letterRuns(int[] letters, int n) {
        var runs = new ArrayList<String>();
        for (int i = 0; i + n <= letters.length; i++) {
            runs.add(new String(letters, i, n));
        }
        return runs;
    }
}
