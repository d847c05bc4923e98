package dev.attune.evals;

/** Levenshtein's distance (1966). */
public final class EditDistance {
    private EditDistance() {}

    /** How many code points are to be inserted, deleted or changed to make one text of the other. */
    public static int of(String a, String b) {
        return of(a.codePoints().toArray(), b.codePoints().toArray());
    }

    /** The same for texts that are code points already. */
    public static int of(int[] a, int[] b) {
        int[] row = new int[b.length + 1];
        for (int j = 0; j <= b.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length; i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length; j++) {
                int change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length];
    }
}
