package dev.attune.dataset.quality;

import dev.attune.dataset.CharacterTraits;

/** The words of a text, one after the other: runs of characters with a trait, told by where they begin and end. Not thread-safe. */
final class WordScan {
    private final String text;
    private final int trait;
    private final char also;
    private int start;
    private int end;

    /**
     * @param trait {@link CharacterTraits#WORD} or {@link CharacterTraits#LETTER}
     * @param also a further character that words are made of; a letter where there is none
     */
    WordScan(String text, int trait, char also) {
        this.text = text;
        this.trait = trait;
        this.also = also;
    }

    /** Goes to the next word; false where there is none. */
    boolean next() {
        start = end;
        while (start < text.length() && !isPart(start)) {
            start += width(start);
        }
        end = start;
        while (end < text.length() && isPart(end)) {
            end += width(end);
        }
        return end > start;
    }

    int start() {
        return start;
    }

    int length() {
        return end - start;
    }

    /** A hash of the word in lower case, each character on its own; never 0. */
    long hash() {
        long hash = 0;
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            hash = (hash ^ (c < 128 ? c >= 'A' && c <= 'Z' ? c | 0x20 : c : Character.toLowerCase(c)))
                    * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 29;
        }
        return hash == 0 ? 1 : hash;
    }

    private boolean isPart(int at) {
        char c = text.charAt(at);
        int traits = CharacterTraits.of(c);
        if ((traits & CharacterTraits.SURROGATE) != 0) {
            traits = CharacterTraits.ofCodePoint(text.codePointAt(at));
        }
        return (traits & trait) != 0 || c == also;
    }

    private int width(int at) {
        return Character.isHighSurrogate(text.charAt(at)) ? Character.charCount(text.codePointAt(at)) : 1;
    }
}
