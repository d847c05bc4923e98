package dev.attune.dataset;

import java.util.Arrays;

/**
 * The set of small pieces of a text by which it is compared: runs of five words, or of three characters where a text is
 * short, since a single changed word spoils every run of five there. Pieces are kept as 64-bit hashes, sorted.
 */
final class Shingles {
    /** Texts with fewer words are compared by characters. */
    static final int SHORT_WORDS = 12;

    /** Texts up to this many words are compared with short ones by characters, so that 11 and 12 words can meet. */
    static final int ALSO_SHORT_WORDS = 16;

    private static final int WORDS = 5;
    private static final int CHARACTERS = 3;
    static final long[] NONE = {};

    private Shingles() {}

    /** Runs of three characters of a short text; empty for a longer one. */
    static long[] characters(String text) {
        return characters(text, wordHashes(text, ALSO_SHORT_WORDS).length);
    }

    /** Runs of three characters of a text with that many words. */
    static long[] characters(String text, int words) {
        if (words >= ALSO_SHORT_WORDS || text.isEmpty()) {
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
        return distinct(runs(wordHashes(text, Integer.MAX_VALUE)));
    }

    /** Runs of five words as they come, some perhaps more than once, from the hashes of all words of a text. */
    static long[] runs(long[] words) {
        long[] hashes = new long[runCount(words)];
        for (int i = 0; i < hashes.length; i++) {
            long hash = 0;
            for (int j = 0; j < WORDS; j++) {
                hash = mix(hash * 31 + words[i + j]);
            }
            hashes[i] = hash;
        }
        return hashes;
    }

    /** How many runs of five words a text with these words has; none where it is short. */
    static int runCount(long[] words) {
        return words.length < SHORT_WORDS ? 0 : words.length - WORDS + 1;
    }

    /** Hashes of the first words: runs of letters, marks, numbers and underscores, and every other visible character. */
    static long[] wordHashes(String text, int limit) {
        long[] hashes = new long[Math.min(limit, text.length() / 5 + 8)];
        int words = 0;
        for (int at = 0; at < text.length() && words < limit;) {
            char c = text.charAt(at);
            if (c == ' ' || c >= '\t' && c <= '\r') {
                at++;
                continue;
            }
            int end = end(text, at);
            hashes = words == hashes.length ? Arrays.copyOf(hashes, 2 * words) : hashes;
            hashes[words++] = hash(text, at, end);
            at = end;
        }
        return Arrays.copyOf(hashes, words);
    }

    /** Where the word that begins at a place ends. */
    private static int end(String text, int from) {
        int at = from;
        while (at < text.length()) {
            char c = text.charAt(at);
            int traits = CharacterTraits.of(c);
            int width = 1;
            if ((traits & CharacterTraits.SURROGATE) != 0) {
                int whole = text.codePointAt(at);
                traits = CharacterTraits.ofCodePoint(whole);
                width = Character.charCount(whole);
            }
            if ((traits & CharacterTraits.WORD) == 0 && c != '_') {
                return at == from ? from + width : at;
            }
            at += width;
        }
        return at;
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
        Arrays.sort(hashes);
        int size = 0;
        for (int i = 0; i < hashes.length; i++) {
            if (i == 0 || hashes[i] != hashes[i - 1]) {
                hashes[size++] = hashes[i];
            }
        }
        return size == hashes.length ? hashes : Arrays.copyOf(hashes, size);
    }
}
