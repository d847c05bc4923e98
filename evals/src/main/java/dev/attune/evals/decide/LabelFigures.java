package dev.attune.evals.decide;

import dev.attune.evals.run.ModelResult;
import dev.attune.evals.run.Outcome;
import dev.attune.evals.run.ScoredRow;
import dev.attune.evals.score.Classification;
import dev.attune.evals.score.LabelScorer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/**
 * What a classification comes to over all answers of a model that have a score: figures that look at each label, which the
 * share of right answers hides where labels are not equally frequent.
 *
 * @param scorer by its name in the report
 */
public record LabelFigures(String scorer, String model, Classification figures) {

    static LabelFigures of(String name, LabelScorer scorer, int index, ModelResult result) {
        var expected = new ArrayList<String>();
        var given = new ArrayList<String>();
        for (ScoredRow row : result.rows()) {
            if (row.outcomes().get(index) instanceof Outcome.Scored && row.question().referenced()) {
                expected.add(scorer.given(row.question().expected()));
                given.add(scorer.given(row.text()));
            }
        }
        // Without a list of labels, what is expected somewhere is one, and any other answer gives none.
        var known = new TreeSet<>(expected);
        given.replaceAll(label -> known.contains(label) ? label : LabelScorer.NONE);
        return new LabelFigures(name, result.model(), Classification.of(expected, given));
    }

    /** As one sentence with its numbers. */
    public String sentence() {
        return String.format(Locale.ROOT,
                "%s, %s: accuracy %.3f, balanced %.3f, macro F1 %.3f, micro F1 %.3f, MCC %.3f over %d labels", scorer,
                model, figures.accuracy(), figures.balancedAccuracy(), figures.macroF1(), figures.accuracy(),
                figures.matthews(), labels().size());
    }

    /** The labels themselves. */
    public List<String> labels() {
        return figures.labels().stream().filter(label -> !label.equals(LabelScorer.NONE)).toList();
    }
}
