package dev.attune.dataset.quality;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Answers in another language than their question, and rows of a language that hardly any other row has. Rows that speak of
 * languages or translation are left out; where more than a fifth of the rows change the language, that is the task.
 */
final class Languages implements QualityCheck {
    private static final CheckKind MISMATCH = CheckKind.warning("language_mismatch",
            "an answer in another language than its question", "answer in the language of the question",
            "Nearly all rows answer in the language they are asked in, and these do not; the model learns to change the language at random. Rows that speak of a language or of translating are not reported.");
    private static final CheckKind MINORITY = CheckKind.advice("minority_language",
            "a language that hardly any row has",
            "add rows in it or remove these",
            "Fewer than two rows in a hundred are in this language: too few to learn it, and often a sign of rows that came in by mistake.");

    private static final Pattern OF_LANGUAGES = Pattern.compile(
            "(?i)translat|übersetz|tradu[czi]|tradui|vertaal|vertal|przetłumacz|översätt|çevir|\\blanguages?\\b|\\bsprachen?\\b|\\blangues?\\b|\\bidiomas?\\b|\\blingua\\b"
                    + "|\\b(?:english|german|french|spanish|italian|portuguese|dutch|polish|swedish|turkish|chinese|japanese|korean|russian|arabic|hindi|latin|greek)\\b"
                    + "|\\b(?:englisch|deutsch|französisch|spanisch|italienisch|anglais|allemand|français|espagnol|inglés|alemán|español|francés|inglese|tedesco|inglês)");
    private static final int FEWEST_ROWS = 10;
    private static final double THE_TASK = 0.2;
    private static final int FEWEST_FOR_MINORITY = 100;
    private static final double MAJORITY = 0.8;
    private static final double MINORITY_SHARE = 0.02;

    private final Reporter.Places mismatched = new Reporter.Places();
    private final Map<String, Reporter.Places> byLanguage = new HashMap<>();
    private int compared;
    private int told;

    @Override
    public List<CheckKind> kinds() {
        return List.of(MISMATCH, MINORITY);
    }

    @Override
    public Note look(RowTexts row) {
        Optional<String> answer = Language.of(row.answer());
        if (answer.isEmpty() || isCode(row.answer())) {
            return Note.NONE;
        }
        Optional<String> question = Language.of(row.question());
        boolean mismatch = question.isPresent() && !question.equals(answer)
                && row.pieces().stream().noneMatch(piece -> OF_LANGUAGES.matcher(piece.text()).find());
        return out -> note(row, answer.get(), question.orElse(""), mismatch);
    }

    private void note(RowTexts row, String answer, String question, boolean mismatch) {
        told++;
        byLanguage.computeIfAbsent(answer, language -> new Reporter.Places()).add(row.line(),
                row.answerPointer(), "the answer is in " + answer, Excerpt.of(row.answer()));
        compared += question.isEmpty() ? 0 : 1;
        if (mismatch) {
            mismatched.add(row.line(), row.answerPointer(),
                    "the question is in " + question + ", the answer in " + answer, Excerpt.of(row.answer()));
        }
    }

    private static boolean isCode(String answer) {
        return answer.startsWith("{") || answer.startsWith("[") || answer.contains("```");
    }

    @Override
    public void end(Reporter out) {
        if (compared >= FEWEST_ROWS && mismatched.rows() <= THE_TASK * compared) {
            out.found(MISMATCH, mismatched);
        }
        boolean majority = byLanguage.values().stream().anyMatch(places -> places.rows() >= MAJORITY * told);
        if (told < FEWEST_FOR_MINORITY || !majority) {
            return;
        }
        byLanguage.values().stream().filter(places -> places.rows() < MINORITY_SHARE * told)
                .max(Comparator.comparingInt(Reporter.Places::rows))
                .ifPresent(places -> out.found(MINORITY, places));
    }
}
