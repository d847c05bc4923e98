package dev.attune.evals.score;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Classification: whether the answer gives the expected label. A label is given where the answer is it, but for case, quotes
 * and stops, or where it names exactly one of the known labels as a whole word. The figures over all rows (macro F1, the
 * confusion matrix and others) are those of {@link Classification}.
 */
public final class LabelScorer implements Scorer {
    /** Stands for an answer that gives no known label. */
    public static final String NONE = "(no label)";

    private final List<String> labels;

    /** @param labels those there are; empty to take the whole answer as the label */
    LabelScorer(List<String> labels) {
        this.labels = List.copyOf(labels);
    }

    @Override
    public String name() {
        return "label";
    }

    @Override
    public Score score(Sample sample) {
        String want = given(sample.reference());
        String got = given(sample.text());
        return Score.of(want.equals(got) && !want.equals(NONE), "the label is " + got + ", not " + want,
                "Answer with the label " + want + ".");
    }

    /** The label that a text gives, as the known labels write it. */
    public String given(String text) {
        String plain = plain(text);
        if (labels.isEmpty()) {
            return plain.isEmpty() ? NONE : plain;
        }
        Optional<String> whole = labels.stream().filter(label -> plain(label).equals(plain)).findFirst();
        if (whole.isPresent()) {
            return whole.get();
        }
        String folded = Texts.fold(text);
        List<String> named = labels.stream().filter(label -> Pattern
                .compile("(?<![\\p{L}\\p{N}_])" + Pattern.quote(Texts.fold(label)) + "(?![\\p{L}\\p{N}_])")
                .matcher(folded).find())
                .toList();
        return named.size() == 1 ? named.getFirst() : NONE;
    }

    private static String plain(String text) {
        return Texts.fold(Texts.strip(text).replaceAll("^[\"'`*\\s]+|[\"'`*.!\\s]+$", ""));
    }
}
