package dev.attune.dataset.quality;

import dev.attune.dataset.CharacterTraits;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
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

    private final Map<Long, Template> templates = new HashMap<>();
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
        long skeleton = skeleton(row);
        return out -> note(row, skeleton);
    }

    private void note(RowTexts row, long skeleton) {
        answers++;
        if (skeleton != 0) {
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

    /** A hash of the words of an answer, each number and each word of the question as a slot; 0 where it is no long text. */
    private static long skeleton(RowTexts row) {
        String answer = row.answer().strip();
        if (answer.startsWith("{") || answer.startsWith("[") || answer.startsWith("```")) {
            return 0;
        }
        var asked = new WordSet(SEEN_WORDS);
        var question = new WordScan(row.question(), CharacterTraits.WORD, 'a');
        while (asked.size() < SEEN_WORDS && question.next()) {
            asked.add(question.hash());
        }
        long skeleton = 0;
        int words = 0;
        int own = 0;
        var word = new WordScan(answer, CharacterTraits.WORD, 'a');
        while (words < SEEN_WORDS && word.next()) {
            words++;
            long hash = word.hash();
            boolean slot = Character.isDigit(answer.charAt(word.start()))
                    || word.length() >= SLOT_LETTERS && asked.contains(hash);
            own += slot ? 0 : 1;
            skeleton = (skeleton ^ (slot ? 0 : hash)) * 0xBF58476D1CE4E5B9L;
            skeleton ^= skeleton >>> 31;
        }
        return words < FEWEST_WORDS || own < FEWEST_OWN_WORDS ? 0 : skeleton;
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
