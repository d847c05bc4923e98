package dev.attune.evals.score;

/** 1 where the answer is the expected text, but for white space around it and the kind of line ends; else 0. */
final class ExactScorer implements Scorer {
    private final boolean ignoreCase;

    ExactScorer(boolean ignoreCase) {
        this.ignoreCase = ignoreCase;
    }

    @Override
    public String name() {
        return "exact";
    }

    @Override
    public Score score(Sample sample) {
        String want = view(sample.reference());
        String got = view(sample.text());
        return want.equals(got)
                ? Score.right()
                : new Score(0, Texts.firstDifference(want, got),
                        "Answer with exactly " + Texts.quoted(sample.expected(), 200) + " and nothing else.");
    }

    private String view(String text) {
        return ignoreCase ? Texts.fold(Texts.strip(text)) : Texts.strip(text);
    }
}
