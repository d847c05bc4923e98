package dev.attune.evals.judge;

import dev.attune.evals.judge.JudgeForm.Grade;
import dev.attune.evals.score.Answer;
import dev.attune.evals.score.Answer.Token;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The grade that a judge's token probabilities expect: Σ s·p(s) over the grades that could have stood where the written one
 * stands (Liu et al. 2023, "G-Eval"). A grade of 4 with a third of the probability on 5 is worth more than a sure one, and
 * one request says what many samples would. Choices below one in a hundred are noise, and choices that are no grade of the
 * form count as nothing; what is left is scaled to one.
 */
final class GradeWeights {
    /** How many choices are asked for; the most that OpenAI's protocol knows. */
    static final int CHOICES = 20;

    private static final double NOISE = 0.01;
    /** Below this much probability on the form's grades, the written one stands. */
    private static final double ENOUGH = 0.5;

    private GradeWeights() {}

    /**
     * Weighs.
     *
     * @param menu every grade of the form, with its worth
     * @return nothing where the tokens of the grade are not known, or its choices are hardly any grades
     */
    static Optional<Grade> of(Map<String, Double> menu, Answer answer, Grade written) {
        OptionalInt at = place(answer);
        if (menu.isEmpty() || at.isEmpty()) {
            return Optional.empty();
        }
        var shares = new LinkedHashMap<String, Double>();
        answer.ending().get(at.getAsInt()).choices().forEach((text, p) -> {
            if (p >= NOISE) {
                meant(menu, text).ifPresent(grade -> shares.merge(grade, p, Double::sum));
            }
        });
        double all = shares.values().stream().mapToDouble(Double::doubleValue).sum();
        if (all < ENOUGH) {
            return Optional.empty();
        }
        double expected = 0;
        for (Map.Entry<String, Double> share : shares.entrySet()) {
            expected += menu.getOrDefault(share.getKey(), 0.0) * share.getValue() / all;
        }
        double sure = shares.getOrDefault(meant(menu, written.written()).orElse(""), 0.0) / all;
        return Optional.of(new Grade(written.written() + String.format(Locale.ROOT, " (%.0f %% sure)", 100 * sure),
                Math.clamp(expected, 0, 1)));
    }

    /** The token in which the grade begins, where the tokens are the end of the answer's text. */
    private static OptionalInt place(Answer answer) {
        List<Token> tokens = answer.ending();
        var text = new StringBuilder();
        tokens.forEach(token -> text.append(token.text()));
        if (!answer.text().stripTrailing().endsWith(text.toString().stripTrailing())) {
            return OptionalInt.empty();
        }
        OptionalInt begin = JudgeForm.lastBegins(text.toString());
        if (begin.isEmpty()) {
            return OptionalInt.empty();
        }
        int end = 0;
        for (int i = 0; i < tokens.size(); i++) {
            end += tokens.get(i).text().length();
            if (begin.getAsInt() < end) {
                return OptionalInt.of(i);
            }
        }
        return OptionalInt.empty();
    }

    /** The one grade that a token is, or begins. */
    private static Optional<String> meant(Map<String, Double> menu, String token) {
        String start = token.replaceAll("^[\\s*_`\"'(\\[]+|[\\s*_`\"')\\].]+$", "").toLowerCase(Locale.ROOT);
        if (start.isEmpty()) {
            return Optional.empty();
        }
        List<String> same = menu.keySet().stream().filter(g -> g.toLowerCase(Locale.ROOT).equals(start)).toList();
        List<String> found = same.isEmpty()
                ? menu.keySet().stream().filter(g -> g.toLowerCase(Locale.ROOT).startsWith(start)).toList()
                : same;
        return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
    }
}
