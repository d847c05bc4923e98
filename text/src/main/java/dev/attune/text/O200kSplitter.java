package dev.attune.text;

import static dev.attune.text.CharacterClasses.LETTER;
import static dev.attune.text.CharacterClasses.LOWER;
import static dev.attune.text.CharacterClasses.NEWLINE;
import static dev.attune.text.CharacterClasses.NUMBER;
import static dev.attune.text.CharacterClasses.SPACE;
import static dev.attune.text.CharacterClasses.UPPER;

/**
 * The pieces of {@code o200k_base} (tiktoken, {@code tiktoken_ext/openai_public.py}): words that end in small letters, words
 * in capitals, up to three numbers, other signs, white space; a word takes one sign before it along.
 */
final class O200kSplitter implements PieceSplitter {

    @Override
    public int end(byte[] text, int from, int to) {
        int classes = Utf8Text.classes(text, from);
        int next = from + Utf8Text.length(text[from]);
        boolean mayLead = (classes & (LETTER | NUMBER | NEWLINE)) == 0 && next < to;
        boolean inWord = (classes & (UPPER | LOWER)) != 0;
        int end = mayLead ? smallWord(text, next, to) : -1;
        if (end < 0 && inWord) {
            end = smallWord(text, from, to);
        }
        if (end < 0 && mayLead && (Utf8Text.classes(text, next) & UPPER) != 0) {
            end = Utf8Text.run(text, next, to, UPPER);
        }
        if (end < 0 && inWord) {
            end = Utf8Text.run(text, from, to, UPPER);
        }
        if (end >= 0) {
            return PieceSplitter.ending(text, end, to);
        }
        if ((classes & NUMBER) != 0) {
            return PieceSplitter.numbers(text, from, to);
        }
        int signs = text[from] == ' ' ? next : from;
        int afterSigns = Utf8Text.runWithout(text, signs, to, SPACE | LETTER | NUMBER);
        if (afterSigns > signs) {
            int at = afterSigns;
            while (at < to && (text[at] == '\r' || text[at] == '\n' || text[at] == '/')) {
                at++;
            }
            return at;
        }
        assert (classes & SPACE) != 0;
        return PieceSplitter.whiteSpace(text, from, to);
    }

    /**
     * The end of {@code [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+}, or −1. Where no small letter follows the
     * capitals, the pattern goes back to the last character that counts as both.
     */
    private static int smallWord(byte[] text, int from, int to) {
        int at = from;
        int both = -1;
        if (at < to && text[at] >= 'a' && text[at] <= 'z') {
            return Utf8Text.run(text, at + 1, to, LOWER);
        }
        while (at < to) {
            int classes = Utf8Text.classes(text, at);
            if ((classes & UPPER) == 0) {
                return (classes & LOWER) == 0 ? both : Utf8Text.run(text, at, to, LOWER);
            }
            at += Utf8Text.length(text[at]);
            if ((classes & LOWER) != 0) {
                both = at;
            }
        }
        return both;
    }
}
