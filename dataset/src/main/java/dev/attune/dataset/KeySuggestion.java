package dev.attune.dataset;

import java.util.Collection;
import java.util.Locale;

/** The known key that a mistyped one was probably meant to be. */
public final class KeySuggestion {
    private KeySuggestion() {}

    /** {@code "; did you mean 'weight'?"}, or {@code otherwise} where no known key is near: two letters changed at most. */
    public static String of(String key, Collection<String> known, String otherwise) {
        String lower = key.toLowerCase(Locale.ROOT);
        return known.stream()
                .sorted()
                .filter(candidate -> key.length() < 40
                        && distance(lower, candidate) <= (candidate.length() > 4 ? 2 : 1))
                .findFirst()
                .map(candidate -> "; did you mean '" + candidate + "'?")
                .orElse(otherwise);
    }

    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int above = row[j];
                int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(changed, Math.min(above, row[j - 1]) + 1);
                diagonal = above;
            }
        }
        return row[b.length()];
    }
}
