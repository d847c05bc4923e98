package dev.attune.text;

import static dev.attune.text.CharacterClasses.LETTER;
import static dev.attune.text.CharacterClasses.NEWLINE;
import static dev.attune.text.CharacterClasses.NUMBER;
import static dev.attune.text.CharacterClasses.SPACE;

/**
 * The pieces of {@code cl100k_base} (tiktoken, {@code tiktoken_ext/openai_public.py}): English endings, words with one sign
 * before them, up to three numbers, other signs, white space.
 */
final class Cl100kSplitter implements PieceSplitter {

    @Override
    public int end(byte[] text, int from, int to) {
        int ending = PieceSplitter.ending(text, from, to);
        if (ending > from) {
            return ending;
        }
        int classes = Utf8Text.classes(text, from);
        int next = from + Utf8Text.length(text[from]);
        if ((classes & LETTER) != 0) {
            return Utf8Text.run(text, next, to, LETTER);
        }
        if ((classes & NUMBER) != 0) {
            return PieceSplitter.numbers(text, from, to);
        }
        if ((classes & NEWLINE) == 0 && next < to && (Utf8Text.classes(text, next) & LETTER) != 0) {
            return Utf8Text.run(text, next, to, LETTER);
        }
        int signs = text[from] == ' ' ? next : from;
        int afterSigns = Utf8Text.runWithout(text, signs, to, SPACE | LETTER | NUMBER);
        if (afterSigns > signs) {
            return Utf8Text.run(text, afterSigns, to, NEWLINE);
        }
        return PieceSplitter.whiteSpace(text, from, to);
    }
}
