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
                        && EditDistance.of(lower, candidate) <= (candidate.length() > 4 ? 2 : 1))
                .findFirst()
                .map(candidate -> "; did you mean '" + candidate + "'?")
                .orElse(otherwise);
    }
}
