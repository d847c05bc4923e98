package dev.attune.evals.score;

/**
 * Likeness of short texts such as names: the letters that both have near the same place, less those out of order (Jaro 1989),
 * and more where the first four letters agree (Winkler 1990, scale 0.1).
 */
final class JaroWinkler {
    private static final double SCALE = 0.1;
    private static final int PREFIX = 4;

    private JaroWinkler() {}

    static double of(String expected, String actual) {
        int[] a = Texts.strip(expected).codePoints().limit(Similarity.MOST_LETTERS).toArray();
        int[] b = Texts.strip(actual).codePoints().limit(Similarity.MOST_LETTERS).toArray();
        if (a.length == 0 || b.length == 0) {
            return a.length == b.length ? 1 : 0;
        }
        double jaro = jaro(a, b);
        int prefix = 0;
        while (prefix < Math.min(PREFIX, Math.min(a.length, b.length)) && a[prefix] == b[prefix]) {
            prefix++;
        }
        return jaro + prefix * SCALE * (1 - jaro);
    }

    private static double jaro(int[] a, int[] b) {
        int window = Math.max(0, Math.max(a.length, b.length) / 2 - 1);
        boolean[] taken = new boolean[b.length];
        int[] matched = new int[a.length];
        int matches = 0;
        for (int i = 0; i < a.length; i++) {
            for (int j = Math.max(0, i - window); j <= Math.min(b.length - 1, i + window); j++) {
                if (!taken[j] && a[i] == b[j]) {
                    taken[j] = true;
                    matched[matches++] = a[i];
                    break;
                }
            }
        }
        if (matches == 0) {
            return 0;
        }
        int outOfOrder = 0;
        int next = 0;
        for (int j = 0; j < b.length; j++) {
            if (taken[j]) {
                outOfOrder += matched[next++] == b[j] ? 0 : 1;
            }
        }
        double m = matches;
        return (m / a.length + m / b.length + (m - outOfOrder / 2.0) / m) / 3;
    }
}
