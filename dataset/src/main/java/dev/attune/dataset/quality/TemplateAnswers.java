package dev.attune.dataset.quality;

import dev.attune.dataset.CharacterTraits;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * One long answer to many questions, word for word or but for numbers and words taken from the question. Labels and JSON,
 * which repeat by nature, are left out. Counted by lossy counting (Manku and Motwani 2002) with an error of a thousandth of
 * the rows, so memory does not grow.
 */
final class TemplateAnswers implements QualityCheck {
    private static final CheckKind KIND = CheckKind.warning("template_answer", "one answer to many questions",
            "write answers that say something about their question, or keep only a few of these rows",
            "The model learns the sentence instead of the task and gives it to every question. Short answers, labels and JSON are not reported; a fixed answer that is meant, such as a refusal, is fine where it is rare.");

    private static final int FEWEST_WORDS = 8;
    private static final int FEWEST_OWN_WORDS = 6;
    private static final int SEEN_WORDS = 80;
    private static final int SLOT_LETTERS = 4;
    private static final int FEWEST_ROWS = 10;
    private static final double OF_ALL = 0.1;
    private static final int BUCKET = 1_000;
    private static final int KEPT_QUESTIONS = 32;
    private static final int FEWEST_QUESTIONS = 5;

    private final Map<String, Template> templates = new HashMap<>();
    private int answers;

    /** The rows with one answer. */
    private static final class Template {
        private final Reporter.Places places = new Reporter.Places();
        private final Set<Integer> questions = new HashSet<>();
        private final int missed;

        Template(int missed) {
            this.missed = missed;
        }
    }

    @Override
    public List<CheckKind> kinds() {
        return List.of(KIND);
    }

    @Override
    public Note look(RowTexts row) {
        if (row.answer().isEmpty()) {
            return Note.NONE;
        }
        String skeleton = skeleton(row);
        return out -> note(row, skeleton);
    }

    private void note(RowTexts row, String skeleton) {
        answers++;
        if (!skeleton.isEmpty()) {
            Template template = templates.computeIfAbsent(skeleton, key -> new Template(answers / BUCKET));
            template.places.add(row.line(), row.answerPointer(), "the answer stands for many questions",
                    Excerpt.of(row.answer()));
            if (template.questions.size() < KEPT_QUESTIONS) {
                template.questions.add(row.question().hashCode());
            }
        }
        if (answers % BUCKET == 0) {
            templates.values().removeIf(template -> template.places.rows() + template.missed <= answers / BUCKET);
        }
    }

    /** The words of an answer, each number and each word of the question as a slot; empty where it is no long text. */
    private static String skeleton(RowTexts row) {
        String answer = row.answer().strip();
        if (answer.startsWith("{") || answer.startsWith("[") || answer.startsWith("```")) {
            return "";
        }
        Set<String> asked = asked(row.question());
        var skeleton = new StringBuilder();
        int words = 0;
        int own = 0;
        String said = head(answer, SEEN_WORDS).toLowerCase(Locale.ROOT);
        var matcher = words(said);
        while (matcher.next() && words < SEEN_WORDS) {
            words++;
            int length = matcher.end() - matcher.start();
            boolean slot = Character.isDigit(said.charAt(matcher.start())) || length >= SLOT_LETTERS
                    && asked.contains(said.substring(matcher.start(), matcher.end()));
            own += slot ? 0 : 1;
            if (slot) {
                skeleton.append('_');
            } else {
                skeleton.append(said, matcher.start(), matcher.end());
            }
            skeleton.append(' ');
        }
        return words < FEWEST_WORDS || own < FEWEST_OWN_WORDS ? "" : skeleton.toString();
    }

    /** The first different words of a question; twice as many words nearly always hold them. */
    private static Set<String> asked(String question) {
        String head = head(question, 2 * SEEN_WORDS);
        Set<String> asked = firstWords(head);
        return asked.size() < SEEN_WORDS && head.length() < question.length() ? firstWords(question) : asked;
    }

    private static Set<String> firstWords(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        Set<String> first = new HashSet<>();
        var word = words(lower);
        while (first.size() < SEEN_WORDS && word.next()) {
            first.add(lower.substring(word.start(), word.end()));
        }
        return first;
    }

    /** A text up to the end of one of its words. */
    private static String head(String text, int count) {
        var word = words(text);
        for (int i = 0; i < count; i++) {
            if (!word.next()) {
                return text;
            }
        }
        return text.substring(0, word.end());
    }

    private static WordScan words(String text) {
        return new WordScan(text, CharacterTraits.WORD, 'a');
    }

    @Override
    public void end(Reporter out) {
        templates.values().stream()
                .filter(template -> template.places.rows() >= Math.max(FEWEST_ROWS, OF_ALL * answers)
                        && template.questions.size() >= FEWEST_QUESTIONS)
                .max(Comparator.comparingInt(template -> template.places.rows()))
                .ifPresent(template -> out.whole(KIND,
                        "%,d of %,d answers are the same but for numbers and words of the question"
                                .formatted(template.places.rows(), answers),
                        template.places));
    }
}
