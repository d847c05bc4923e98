package dev.attune.dataset;

import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The set of small pieces of a text by which it is compared: runs of five words, or of three characters where a text is
 * short, since a single changed word spoils every run of five there. Pieces are kept as 64-bit hashes, sorted.
 */
final class Shingles {
    /** Texts with fewer words are compared by characters. */
    static final int SHORT_WORDS = 12;

    /** Texts up to this many words are compared with short ones by characters, so that 11 and 12 words can meet. */
    private static final int ALSO_SHORT_WORDS = 16;

    private static final int WORDS = 5;
    private static final int CHARACTERS = 3;
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{M}\\p{N}_]+|[^\\s\\p{L}\\p{M}\\p{N}_]");
    private static final long[] NONE = {};

    private Shingles() {}

    /** Runs of three characters of a short text; empty for a longer one. */
    static long[] characters(String text) {
        if (wordEnds(text) >= ALSO_SHORT_WORDS || text.isEmpty()) {
            return NONE;
        }
        if (text.length() <= CHARACTERS) {
            return new long[]{hash(text, 0, text.length())};
        }
        long[] hashes = new long[text.length() - CHARACTERS + 1];
        for (int i = 0; i < hashes.length; i++) {
            hashes[i] = hash(text, i, i + CHARACTERS);
        }
        return distinct(hashes);
    }

    /** Runs of five words of a long text; empty for a short one. */
    static long[] words(String text) {
        if (wordEnds(text) < SHORT_WORDS) {
            return NONE;
        }
        long[] words = WORD.matcher(text).results().mapToLong(word -> hash(text, word.start(), word.end())).toArray();
        long[] hashes = new long[words.length - WORDS + 1];
        for (int i = 0; i < hashes.length; i++) {
            long hash = 0;
            for (int j = 0; j < WORDS; j++) {
                hash = mix(hash * 31 + words[i + j]);
            }
            hashes[i] = hash;
        }
        return distinct(hashes);
    }

    private static int wordEnds(String text) {
        Matcher matcher = WORD.matcher(text);
        int words = 0;
        while (words < ALSO_SHORT_WORDS && matcher.find()) {
            words++;
        }
        return words;
    }

    /** |A ∩ B| / |A ∪ B| of two sets; 0 where both are empty. */
    static double jaccard(long[] a, long[] b) {
        int both = 0;
        for (int i = 0, j = 0; i < a.length && j < b.length;) {
            if (a[i] == b[j]) {
                both++;
                i++;
                j++;
            } else if (a[i] < b[j]) {
                i++;
            } else {
                j++;
            }
        }
        int either = a.length + b.length - both;
        return either == 0 ? 0 : (double) both / either;
    }

    static long hash(String text) {
        return hash(text, 0, text.length());
    }

    private static long hash(String text, int from, int to) {
        long hash = (long) to - from;
        for (int i = from; i < to; i++) {
            hash = hash * 0x100000001B3L ^ text.charAt(i);
        }
        return mix(hash);
    }

    /** SplitMix64's finaliser. */
    static long mix(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }

    private static long[] distinct(long[] hashes) {
        return Arrays.stream(hashes).sorted().distinct().toArray();
    }
}
