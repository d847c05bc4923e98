package dev.attune.dataset.quality;

import dev.attune.text.Message;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Answers that stop early: JSON or code that is not closed, an open bracket, a word that something must follow, and, where
 * nearly all other answers end with a mark, those that do not.
 */
final class TruncatedAnswers implements QualityCheck {
    private static final CheckKind CUT = CheckKind.warning("truncated_answer", "an answer that stops early",
            "complete it or remove the row",
            "The answer was cut, often by a limit of tokens where it was generated, and the model learns to stop there. Seen by JSON and code that are not closed, and by a last word that something must follow.");
    private static final CheckKind NO_MARK = CheckKind.advice("answer_without_end", "an answer without an end mark",
            "complete it if it was cut",
            "Nearly all long answers end with a mark such as a full stop, and this one, which has full stops before, does not, so it may have been cut. Titles, lists, addresses, code and signatures are not reported.");

    private static final int SENTENCE_WORDS = 8;
    private static final int FEWEST_ANSWERS = 20;
    private static final double NEARLY_ALL = 0.9;
    private static final Set<String> LEADING_ON = Set.of("and", "or", "but", "the", "a", "an", "of", "to", "with",
            "for",
            "from", "by", "at", "because", "which", "that", "und", "oder", "aber", "der", "die", "das", "ein", "eine",
            "mit", "von", "weil", "dass", "et", "ou", "le", "la", "les", "un", "une", "de", "du", "des", "avec", "y",
            "el",
            "los", "las", "una", "con", "porque", "que");
    /** Words that also end sentences, so that they count only where the other answers end with a mark. */
    private static final Set<String> ALSO_LAST = Set.of("to", "for", "with", "from", "by", "at", "that", "of", "un",
            "la",
            "die", "mit", "von", "a", "y", "which", "des", "das", "et");
    private static final Pattern LIST = Pattern.compile("\\s*(?:[-*•+>|#]|\\d{1,3}[.)]\\s|[A-Za-z]\\)\\s)");
    private static final Pattern ADDRESS = Pattern.compile("(?:https?://|www\\.)\\S*\\z");
    private static final String CLOSING = "\"”’»)";
    private static final String OPENING = "\"“„«(";

    private final Reporter.Places withoutMark = new Reporter.Places();
    private int sentences;
    private int unmarked;

    @Override
    public List<CheckKind> kinds() {
        return List.of(CUT, NO_MARK);
    }

    @Override
    public Note look(RowTexts row) {
        var found = new Found(row.line());
        List<Message> messages = row.row().conversation().messages();
        for (int i = 0; i < messages.size(); i++) {
            if (messages.get(i) instanceof Message.Assistant answer && answer.weight() == 1
                    && !answer.content().isBlank()) {
                answer("/messages/" + i + "/content", answer.content(), row.line(), found);
            }
        }
        return found.note();
    }

    private void answer(String pointer, String text, int line, Found found) {
        if (Ending.isCutJson(text)) {
            found.add(CUT, pointer, "the answer is JSON that ends early", Excerpt.end(text));
            return;
        }
        if (text.indexOf("```") >= 0 || text.indexOf("~~~") >= 0) {
            if (Ending.isInsideFence(text)) {
                found.add(CUT, pointer, "the answer ends inside a block of code", Excerpt.end(text));
            }
            return;
        }
        String lastLine = lastLine(text);
        String stripped = lastLine.strip();
        if (words(stripped) < SENTENCE_WORDS || isListOrAddress(lastLine)) {
            return;
        }
        found.note(out -> sentences++);
        int last = stripped.codePointBefore(stripped.length());
        String word = lastWord(stripped);
        if (last == ',' || LEADING_ON.contains(word) && !ALSO_LAST.contains(word)) {
            found.add(CUT, pointer, "the answer ends with " + (last == ',' ? "a comma" : "'" + word + "'"),
                    Excerpt.end(text));
        } else if (Character.isLetter(last) && isOpen(lastLine)) {
            found.add(CUT, pointer, "the answer ends inside a bracket", Excerpt.end(text));
        } else if (Character.isLetter(last) && hasMarks(last)) {
            boolean sentenceBefore = hasSentenceEnd(text);
            found.note(out -> {
                unmarked++;
                if (sentenceBefore) {
                    withoutMark.add(line, pointer, "the answer ends without a mark, which nearly all others have",
                            Excerpt.end(text));
                }
            });
        }
    }

    private static boolean isListOrAddress(String line) {
        return LIST.matcher(line).lookingAt()
                || (line.contains("http") || line.contains("www.")) && ADDRESS.matcher(line).find();
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c >= '\t' && c <= '\r';
    }

    /** How many words a text without white space around it has. */
    private static int words(String text) {
        int words = 0;
        for (int i = 0; i < text.length(); i++) {
            words += isSpace(text.charAt(i)) || i > 0 && !isSpace(text.charAt(i - 1)) ? 0 : 1;
        }
        return words;
    }

    private static String lastWord(String text) {
        int start = text.length();
        while (start > 0 && !isSpace(text.charAt(start - 1))) {
            start--;
        }
        return text.substring(start);
    }

    /** Whether a sentence ends and another begins: a small letter, a mark, white space, a capital; quotes may stand between. */
    private static boolean hasSentenceEnd(String text) {
        for (int i = 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c == '.' || c == '!' || c == '?')
                    && Character.getType(text.codePointBefore(i)) == Character.LOWERCASE_LETTER
                    && begins(text, i + 1)) {
                return true;
            }
        }
        return false;
    }

    private static boolean begins(String text, int behindMark) {
        int at = behindMark;
        at += at < text.length() && CLOSING.indexOf(text.charAt(at)) >= 0 ? 1 : 0;
        int space = at;
        while (at < text.length() && isSpace(text.charAt(at))) {
            at++;
        }
        if (at == space) {
            return false;
        }
        at += at < text.length() && OPENING.indexOf(text.charAt(at)) >= 0 ? 1 : 0;
        return at < text.length() && Character.getType(text.codePointAt(at)) == Character.UPPERCASE_LETTER;
    }

    private static String lastLine(String text) {
        String stripped = text.stripTrailing();
        return stripped.substring(stripped.lastIndexOf('\n') + 1);
    }

    private static boolean isOpen(String line) {
        int open = Math.max(line.lastIndexOf('('), line.lastIndexOf('['));
        return open > 0 && Character.isWhitespace(line.charAt(open - 1)) && line.indexOf(')', open) < 0
                && line.indexOf(']', open) < 0 && open + 1 < line.length()
                && Character.isLetterOrDigit(line.charAt(open + 1));
    }

    /** Thai and its neighbours end sentences with a space. */
    private static boolean hasMarks(int letter) {
        Character.UnicodeScript script = Character.UnicodeScript.of(letter);
        return script != Character.UnicodeScript.THAI && script != Character.UnicodeScript.LAO
                && script != Character.UnicodeScript.KHMER && script != Character.UnicodeScript.MYANMAR;
    }

    @Override
    public void end(Reporter out) {
        if (sentences >= FEWEST_ANSWERS && sentences - unmarked >= NEARLY_ALL * sentences) {
            out.found(NO_MARK, withoutMark);
        }
    }
}
