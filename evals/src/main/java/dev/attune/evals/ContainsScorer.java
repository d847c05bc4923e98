package dev.attune.evals;

/** 1 where the expected text, without white space around it, stands somewhere in the answer, in any case; else 0. */
final class ContainsScorer implements Scorer {
    @Override
    public String name() {
        return "contains";
    }

    @Override
    public Score score(String expected, String actual) {
        String want = Texts.fold(Texts.strip(expected));
        return Texts.fold(actual).contains(want) ? new Score(1, "") : new Score(0, "the answer does not contain it");
    }
}
