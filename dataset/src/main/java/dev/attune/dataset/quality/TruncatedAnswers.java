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
    private static final Pattern LIST_OR_ADDRESS = Pattern
            .compile("(?s)\\s*(?:[-*•+>|#]|\\d{1,3}[.)]\\s|[A-Za-z]\\)\\s).*|.*(?:https?://|www\\.)\\S*");
    private static final Pattern SENTENCE_BEFORE = Pattern.compile("\\p{Ll}[.!?][\"”’»)]?\\s+[\"“„«(]?\\p{Lu}");
    private static final Pattern SPACE = Pattern.compile("\\s+");

    private final Reporter.Places withoutMark = new Reporter.Places();
    private int sentences;
    private int unmarked;

    @Override
    public List<CheckKind> kinds() {
        return List.of(CUT, NO_MARK);
    }

    @Override
    public void row(RowTexts row, Reporter out) {
        List<Message> messages = row.row().conversation().messages();
        for (int i = 0; i < messages.size(); i++) {
            if (messages.get(i) instanceof Message.Assistant answer && answer.weight() == 1
                    && !answer.content().isBlank()) {
                answer(row.line(), "/messages/" + i + "/content", answer.content(), out);
            }
        }
    }

    private void answer(int line, String pointer, String text, Reporter out) {
        if (Ending.isCutJson(text)) {
            out.found(CUT, line, pointer, "the answer is JSON that ends early", Excerpt.end(text));
            return;
        }
        if (text.indexOf("```") >= 0 || text.indexOf("~~~") >= 0) {
            if (Ending.isInsideFence(text)) {
                out.found(CUT, line, pointer, "the answer ends inside a block of code", Excerpt.end(text));
            }
            return;
        }
        String lastLine = lastLine(text);
        String[] words = SPACE.split(lastLine.strip());
        if (words.length < SENTENCE_WORDS || LIST_OR_ADDRESS.matcher(lastLine).matches()) {
            return;
        }
        sentences++;
        int last = lastLine.stripTrailing().codePointBefore(lastLine.stripTrailing().length());
        String word = words[words.length - 1];
        if (last == ',' || LEADING_ON.contains(word) && !ALSO_LAST.contains(word)) {
            out.found(CUT, line, pointer, "the answer ends with " + (last == ',' ? "a comma" : "'" + word + "'"),
                    Excerpt.end(text));
        } else if (Character.isLetter(last) && isOpen(lastLine)) {
            out.found(CUT, line, pointer, "the answer ends inside a bracket", Excerpt.end(text));
        } else if (Character.isLetter(last) && hasMarks(last)) {
            unmarked++;
            if (!SENTENCE_BEFORE.matcher(text).find()) {
                return;
            }
            withoutMark.add(line, pointer, "the answer ends without a mark, which nearly all others have",
                    Excerpt.end(text));
        }
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
