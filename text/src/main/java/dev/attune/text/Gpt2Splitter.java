package dev.attune.text;

import static dev.attune.text.CharacterClasses.LETTER;
import static dev.attune.text.CharacterClasses.NUMBER;
import static dev.attune.text.CharacterClasses.SPACE;

/**
 * The pieces of GPT-2 and of {@code r50k_base} and {@code p50k_base}: English endings in small letters, words, numbers or
 * signs with the space before them, white space.
 */
final class Gpt2Splitter implements PieceSplitter {

    @Override
    public int end(byte[] text, int from, int to) {
        int ending = PieceSplitter.ending(text, from, to);
        if (ending > from && isSmall(text, from + 1, ending)) {
            return ending;
        }
        int start = text[from] == ' ' && from + 1 < to ? from + 1 : from;
        int classes = Utf8Text.classes(text, start);
        if ((classes & LETTER) != 0) {
            return Utf8Text.run(text, start, to, LETTER);
        }
        if ((classes & NUMBER) != 0) {
            return Utf8Text.run(text, start, to, NUMBER);
        }
        if ((classes & SPACE) == 0) {
            return Utf8Text.runWithout(text, start, to, SPACE | LETTER | NUMBER);
        }
        return spaces(text, from, to);
    }

    private static boolean isSmall(byte[] text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (text[i] < 'a' || text[i] > 'z') {
                return false;
            }
        }
        return true;
    }

    /** {@code \s+(?!\S)|\s+}: all white space at the end of the text, else all but the last character. */
    private static int spaces(byte[] text, int from, int to) {
        int at = from;
        int last = from;
        while (at < to && (Utf8Text.classes(text, at) & SPACE) != 0) {
            last = at;
            at += Utf8Text.length(text[at]);
        }
        return at == to || last == from ? at : last;
    }
}
