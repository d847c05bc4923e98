package dev.attune.dataset.quality;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Answers that say the whole question again before they answer it. Where a third of the answers hold most words of their
 * question, as when texts are continued, corrected or rewritten, that is the task and nothing is said; that share is taken from
 * the first 2,000 rows and every 64th after them.
 */
final class RepeatedQuestions implements QualityCheck {
    private static final CheckKind KIND = CheckKind.warning("answer_repeats_question",
            "an answer that begins with the question",
            "let the answer begin with the answer",
            "The model learns to say the question again before it answers, which costs time and tokens. Tasks that continue or correct a text are not reported, nor answers that are no longer than the question.");

    private static final Pattern SPACE = Pattern.compile("\\s+");
    private static final Pattern NOT_A_WORD = Pattern.compile("[^\\p{L}\\p{M}\\p{N}]+");
    private static final int ALL_UP_TO = 2_000;
    private static final int THEN_EVERY = 64;
    private static final double MOST_WORDS = 0.6;
    private static final int FEWEST_WORDS = 5;
    private static final int LONGEST = 2_000;
    private static final double LONGER = 1.2;
    private static final double THE_TASK = 1 / 3.0;
    private static final int FEWEST_ROWS = 10;

    private final Reporter.Places places = new Reporter.Places();
    private int rows;
    private int sampled;
    private int echoes;

    @Override
    public List<CheckKind> kinds() {
        return List.of(KIND);
    }

    @Override
    public Note look(RowTexts row) {
        String question = row.question().strip();
        String answer = row.answer().strip();
        if (question.isEmpty() || answer.isEmpty()) {
            return Note.NONE;
        }
        boolean repeats = repeats(question, answer);
        return out -> {
            rows++;
            if (rows <= ALL_UP_TO || rows % THEN_EVERY == 0) {
                sampled++;
                echoes += echoes(normal(head(question)), normal(head(answer))) ? 1 : 0;
            }
            if (repeats) {
                places.add(row.line(), row.answerPointer(), "the answer begins with the whole question",
                        Excerpt.of(row.answer()));
            }
        };
    }

    private static boolean repeats(String question, String answer) {
        if (answer.length() < LONGER * question.length() || question.length() > LONGEST
                || differ(question.charAt(0), answer.charAt(0))) {
            return false;
        }
        String asked = normal(question);
        return SPACE.split(asked).length >= FEWEST_WORDS
                && normal(answer.substring(0, Math.min(answer.length(), 2 * question.length() + 40)))
                        .startsWith(asked);
    }

    /** Whether two characters are certainly not the same in lower case. */
    private static boolean differ(char one, char other) {
        return one < 128 && other < 128 && Character.toLowerCase(one) != Character.toLowerCase(other);
    }

    /** Whether most words of the question stand in the answer. */
    private static boolean echoes(String question, String answer) {
        Set<String> said = new HashSet<>(List.of(NOT_A_WORD.split(answer)));
        String[] asked = NOT_A_WORD.split(question);
        return Arrays.stream(asked).filter(said::contains).count() >= MOST_WORDS * asked.length;
    }

    private static String head(String text) {
        return text.substring(0, Math.min(text.length(), LONGEST));
    }

    private static String normal(String text) {
        return SPACE.matcher(text.toLowerCase(Locale.ROOT)).replaceAll(" ").strip();
    }

    @Override
    public void end(Reporter out) {
        if (rows >= FEWEST_ROWS && echoes < THE_TASK * sampled) {
            out.found(KIND, places);
        }
    }
}
