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
    private static final int ALSO_SHORT_WORDS = 16;

    private static final int WORDS = 5;
    private static final int CHARACTERS = 3;
    private static final long[] NONE = {};

    /** A bit for each general category that a word is made of: L, M and N. */
    private static final int WORD_TYPES = 1 << Character.UPPERCASE_LETTER | 1 << Character.LOWERCASE_LETTER
            | 1 << Character.TITLECASE_LETTER | 1 << Character.MODIFIER_LETTER | 1 << Character.OTHER_LETTER
            | 1 << Character.NON_SPACING_MARK | 1 << Character.ENCLOSING_MARK | 1 << Character.COMBINING_SPACING_MARK
            | 1 << Character.DECIMAL_DIGIT_NUMBER | 1 << Character.LETTER_NUMBER | 1 << Character.OTHER_NUMBER;

    private Shingles() {}

    /** Runs of three characters of a short text; empty for a longer one. */
    static long[] characters(String text) {
        if (wordHashes(text, ALSO_SHORT_WORDS).length >= ALSO_SHORT_WORDS || text.isEmpty()) {
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
        long[] words = wordHashes(text, Integer.MAX_VALUE);
        if (words.length < SHORT_WORDS) {
            return NONE;
        }
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

    /** Hashes of the first words: runs of letters, marks, numbers and underscores, and every other visible character. */
    static long[] wordHashes(String text, int limit) {
        long[] hashes = new long[Math.min(limit, text.length() / 5 + 8)];
        int words = 0;
        for (int at = 0; at < text.length() && words < limit;) {
            int c = text.codePointAt(at);
            int end = at + Character.charCount(c);
            if (inWord(c)) {
                while (end < text.length() && inWord(text.codePointAt(end))) {
                    end += Character.charCount(text.codePointAt(end));
                }
            }
            if (!(c == ' ' || (c >= '\t' && c <= '\r'))) {
                hashes = words == hashes.length ? Arrays.copyOf(hashes, 2 * words) : hashes;
                hashes[words++] = hash(text, at, end);
            }
            at = end;
        }
        return Arrays.copyOf(hashes, words);
    }

    private static boolean inWord(int c) {
        if (c < 128) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || (c >= 'A' && c <= 'Z');
        }
        return (WORD_TYPES >>> Character.getType(c) & 1) != 0;
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
