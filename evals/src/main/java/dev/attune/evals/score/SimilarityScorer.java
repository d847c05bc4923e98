package dev.attune.evals.score;

import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleBiFunction;

/** How alike the answer and the expected text are, by one of {@link Similarity}'s measures. */
final class SimilarityScorer implements Scorer {
    private final String name;
    private final ToDoubleBiFunction<String, String> measure;
    private final Optional<Template> to;

    /** @param to what the answer is held against instead of the expected text */
    SimilarityScorer(String name, ToDoubleBiFunction<String, String> measure, Optional<Template> to) {
        this.name = name;
        this.measure = measure;
        this.to = to;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Score score(Sample sample) {
        String want = to.map(template -> template.fill(sample)).orElseGet(sample::reference);
        double value = Math.clamp(measure.applyAsDouble(want, sample.text()), 0, 1);
        return value >= 1
                ? Score.right()
                : new Score(value, String.format(Locale.ROOT, "%s is %.3f", name, value),
                        "Come closer to " + Texts.quoted(want, 300) + ".");
    }
}
