package dev.attune.evals.decide;

import dev.attune.evals.Interval;
import dev.attune.evals.PairedComparison;
import dev.attune.evals.judge.Calibration;
import dev.attune.evals.run.ModelResult;
import java.util.Arrays;
import java.util.Optional;

/**
 * What people would say of a model, from what a judge says and how it erred on labelled rows. Both corrections take the
 * labelled rows for a sample of the same kind of answers.
 *
 * @param passRate the share of answers that the judge passes
 * @param passRateOfPeople the share that people would pass, by Rogan and Gladen; empty for a judge no better than chance
 * @param shareRight the same from the grades themselves, by prediction-powered inference
 */
public record CorrectedScore(String scorer, String model, double passRate, Optional<Interval> passRateOfPeople,
        Optional<Interval> shareRight) {

    static CorrectedScore of(String scorer, int index, ModelResult result, Calibration calibration) {
        double[] grades = result.byQuestion(index).values().stream().mapToDouble(Double::doubleValue).toArray();
        double passed = Arrays.stream(grades).filter(grade -> grade >= calibration.passing()).count();
        return new CorrectedScore(scorer, result.model(), grades.length == 0 ? 0 : passed / grades.length,
                calibration.corrected(grades, PairedComparison.CONFIDENCE),
                calibration.predicted(grades, PairedComparison.CONFIDENCE));
    }

    /** As one sentence with its numbers. */
    public String sentence() {
        return scorer + " passes " + Gate.percent(passRate) + " of " + model + "'s answers; "
                + passRateOfPeople.map(share -> "people would pass " + Gate.share(share))
                        .orElse("how many people would pass is not known, as the judge is no better than chance")
                + shareRight.map(share -> ", and by its grades " + Gate.share(share)).orElse("");
    }
}
