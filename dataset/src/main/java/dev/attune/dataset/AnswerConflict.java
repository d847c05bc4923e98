package dev.attune.dataset;

import dev.attune.text.Message;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Whether two rows that ask nearly the same say different things: their labels differ, or their answers share fewer than
 * three words in ten. Questions with different numbers, or under different instructions, may well differ.
 *
 * @param question normalised
 * @param answer normalised
 */
record AnswerConflict(String question, String answer, String instructions) {
    /** Questions at least this similar (Jaccard) should have one answer. */
    static final double NEAR = 0.9;

    private static final double LEAST_F1 = 0.3;
    private static final Pattern NUMBER = Pattern.compile("\\p{N}+");
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{M}\\p{N}]+");

    static AnswerConflict of(Row row) {
        return new AnswerConflict(NormalText.question(row), NormalText.outputKey(row), row.input().stream()
                .filter(message -> message instanceof Message.System || message instanceof Message.Developer)
                .map(message -> NormalText.of(message.content())).collect(Collectors.joining("\n")));
    }

    boolean with(AnswerConflict other, AnswerKind kind) {
        if (answer.equals(other.answer) || !instructions.equals(other.instructions)
                || !numbers(question).equals(numbers(other.question))) {
            return false;
        }
        return kind == AnswerKind.LABEL || f1(answer, other.answer) < LEAST_F1;
    }

    private static List<String> numbers(String text) {
        return NUMBER.matcher(text).results().map(MatchResult::group).toList();
    }

    /** The harmonic mean of the shares of each answer's words that stand in the other (Rajpurkar et al. 2016). */
    static double f1(String one, String other) {
        Map<String, Integer> left = new HashMap<>();
        int[] sizes = new int[2];
        WORD.matcher(one).results().forEach(word -> {
            left.merge(word.group(), 1, Integer::sum);
            sizes[0]++;
        });
        int shared = 0;
        for (MatchResult word : WORD.matcher(other).results().toList()) {
            sizes[1]++;
            Integer more = left.get(word.group());
            if (more != null && more > 0) {
                left.put(word.group(), more - 1);
                shared++;
            }
        }
        return sizes[0] + sizes[1] == 0 ? 1 : 2.0 * shared / (sizes[0] + sizes[1]);
    }
}
