package dev.attune.evals.score;

import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether the whole answer, a Markdown fence around it aside, has a certain form. */
final class ShapeScorer implements Scorer {
    private static final Pattern FENCE = Pattern.compile("(?s)\\A```[A-Za-z]*[^\\S\\n]*\\n(.*?)\\n?```\\z");

    private final String name;
    private final String form;
    private final Function<String, Optional<String>> wrong;

    /**
     * @param form what the answer should be, such as {@code HTML}
     * @param wrong what is wrong with a text as such; nothing where it is right
     */
    ShapeScorer(String name, String form, Function<String, Optional<String>> wrong) {
        this.name = name;
        this.form = form;
        this.wrong = wrong;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Score score(Sample sample) {
        String text = Texts.strip(sample.text());
        Matcher fence = FENCE.matcher(text);
        return wrong.apply(fence.matches() ? fence.group(1).strip() : text)
                .map(said -> new Score(0, "the answer is not " + form + ": " + said,
                        "Answer with " + form + " and nothing else."))
                .orElseGet(Score::right);
    }
}
