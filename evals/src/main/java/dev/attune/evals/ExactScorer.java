package dev.attune.evals;

/** 1 where the answer is the expected text, but for white space around it and the kind of line ends; else 0. */
final class ExactScorer implements Scorer {
    @Override
    public String name() {
        return "exact";
    }

    @Override
    public Score score(String expected, String actual) {
        String want = Texts.strip(expected);
        String got = Texts.strip(actual);
        return want.equals(got) ? new Score(1, "") : new Score(0, Texts.firstDifference(want, got));
    }
}
