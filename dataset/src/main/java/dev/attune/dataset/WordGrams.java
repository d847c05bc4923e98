package dev.attune.dataset;

import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A text as a run of words, without case and punctuation, and its n-grams as 64-bit hashes.
 *
 * @param hashes one for each word
 * @param key the words with single spaces between them
 */
record WordGrams(String key, long[] hashes) {
    private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\p{M}\\p{N}]+");

    static WordGrams of(String text) {
        String key = NO_WORD.matcher(NormalText.of(text).toLowerCase(Locale.ROOT)).replaceAll(" ").strip();
        long[] hashes = key.isEmpty()
                ? new long[0]
                : Arrays.stream(key.split(" ")).mapToLong(Shingles::hash).toArray();
        return new WordGrams(key, hashes);
    }

    int size() {
        return hashes.length;
    }

    /** The different n-grams, sorted; none where there are fewer than n words. */
    long[] grams(int n) {
        long[] grams = new long[Math.max(0, hashes.length - n + 1)];
        for (int i = 0; i < grams.length; i++) {
            long hash = n;
            for (int j = 0; j < n; j++) {
                hash = Shingles.mix(hash * 31 + hashes[i + j]);
            }
            grams[i] = hash;
        }
        return Arrays.stream(grams).sorted().distinct().toArray();
    }
}
