package dev.attune.text;

/**
 * Cuts text into the pieces that byte-pair encoding works on, as tiktoken's pattern of an encoding does, without a regular
 * expression. Stateless.
 */
interface PieceSplitter {

    /**
     * The end of the piece that begins at {@code from}: larger than {@code from}, at most {@code to}.
     *
     * @param text well-formed UTF-8 between {@code from} and {@code to}, both on character boundaries
     */
    int end(byte[] text, int from, int to);

    /**
     * The end of a piece of white space that begins at {@code from}, as {@code \s*[\r\n]+|\s+(?!\S)|\s+} has it: up to
     * the last line end in it; else all of it at the end of the text; else all but the last character, which goes with
     * what follows.
     */
    static int whiteSpace(byte[] text, int from, int to) {
        int at = from;
        int last = from;
        int afterNewline = -1;
        while (at < to) {
            int classes = Utf8Text.classes(text, at);
            if ((classes & CharacterClasses.SPACE) == 0) {
                break;
            }
            last = at;
            at += Utf8Text.length(text[at]);
            if ((classes & CharacterClasses.NEWLINE) != 0) {
                afterNewline = at;
            }
        }
        if (afterNewline > 0) {
            return afterNewline;
        }
        return at == to || last == from ? at : last;
    }

    /** The end of up to three numbers. */
    static int numbers(byte[] text, int from, int to) {
        int at = from;
        for (int i = 0; i < 3 && at < to && (Utf8Text.classes(text, at) & CharacterClasses.NUMBER) != 0; i++) {
            at += Utf8Text.length(text[at]);
        }
        return at;
    }

    /** The end of an English ending such as {@code 's} or {@code 'll} at an index, in either case; the index where none is. */
    static int ending(byte[] text, int from, int to) {
        if (to - from < 2 || text[from] != '\'') {
            return from;
        }
        int first = text[from + 1] | 0x20;
        if (text[from + 1] >= 0 && (first == 's' || first == 't' || first == 'm' || first == 'd')) {
            return from + 2;
        }
        if (to - from < 3) {
            return from;
        }
        if (text[from + 1] == (byte) 0xC5 && text[from + 2] == (byte) 0xBF) {
            return from + 3; // the long s, an s to whoever ignores case
        }
        int second = text[from + 2] | 0x20;
        boolean two = (first == 'r' || first == 'v') && second == 'e' || first == 'l' && second == 'l';
        return two && text[from + 1] >= 0 && text[from + 2] >= 0 ? from + 3 : from;
    }
}
