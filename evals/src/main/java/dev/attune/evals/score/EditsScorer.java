package dev.attune.evals.score;

import dev.attune.evals.EditDistance;
import java.util.Optional;

/** Whether so many edits of a letter at most make the answer what is expected. */
final class EditsScorer implements Scorer {
    private final int most;
    private final Optional<Template> to;

    /** @param to what the answer is held against instead of the expected text */
    EditsScorer(int most, Optional<Template> to) {
        this.most = most;
        this.to = to;
    }

    @Override
    public String name() {
        return "edits";
    }

    @Override
    public Score score(Sample sample) {
        String want = Texts.strip(to.map(template -> template.fill(sample)).orElseGet(sample::reference));
        String got = Texts.strip(sample.text());
        int edits = EditDistance.of(want.codePoints().limit(Similarity.MOST_LETTERS).toArray(),
                got.codePoints().limit(Similarity.MOST_LETTERS).toArray());
        return Score.of(edits <= most, edits + " edits away, not at most " + most,
                "Come closer to " + Texts.quoted(want, 300) + ".");
    }
}
