package dev.attune.evals.score;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Whether an answer equals, contains, begins or ends with, or matches given texts. Texts are {@link Template}s; without any,
 * the expected answer is the text.
 */
final class TextMatch implements Scorer {
    /** How the answer and one text are held together. */
    enum How {
        EQUALS, CONTAINS, STARTS_WITH, ENDS_WITH, REGEX
    }

    /** What is meant where there are several texts. */
    enum Several {
        ANY, ALL
    }

    private final String name;
    private final How how;
    private final Several several;
    private final List<Template> texts;
    private final boolean ignoreCase;

    TextMatch(String name, How how, Several several, List<String> texts, boolean ignoreCase) {
        this.name = name;
        this.how = how;
        this.several = several;
        this.texts = texts.stream().map(Template::of).toList();
        this.ignoreCase = ignoreCase;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Score score(Sample sample) {
        List<String> wanted = texts.isEmpty()
                ? List.of(sample.reference())
                : texts.stream().map(text -> text.fill(sample)).toList();
        List<String> missing = wanted.stream().filter(want -> !matches(want, sample.text())).toList();
        boolean right = several == Several.ALL ? missing.isEmpty() : missing.size() < wanted.size();
        String listed = String.join(several == Several.ALL ? " and " : " or ",
                missing.stream().limit(5).map(text -> Texts.quoted(text, 80)).toList());
        return Score.of(right, "the answer " + verb() + " " + listed,
                "The answer should " + infinitive() + " " + listed + ".");
    }

    private boolean matches(String want, String answer) {
        if (how == How.REGEX) {
            return Pattern.compile(want, ignoreCase ? Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE : 0)
                    .matcher(new Patience(answer)).find();
        }
        String wanted = view(want);
        String got = view(answer);
        return switch (how) {
            case EQUALS -> got.equals(wanted);
            case CONTAINS -> got.contains(wanted);
            case STARTS_WITH -> got.startsWith(wanted);
            case ENDS_WITH -> got.endsWith(wanted);
            case REGEX -> throw new IllegalStateException("regex");
        };
    }

    private String view(String text) {
        return ignoreCase ? Texts.fold(Texts.strip(text)) : Texts.strip(text);
    }

    private String verb() {
        return switch (how) {
            case EQUALS -> "is not";
            case CONTAINS -> "does not contain";
            case STARTS_WITH -> "does not begin with";
            case ENDS_WITH -> "does not end with";
            case REGEX -> "does not match";
        };
    }

    private String infinitive() {
        return switch (how) {
            case EQUALS -> "be exactly";
            case CONTAINS -> "contain";
            case STARTS_WITH -> "begin with";
            case ENDS_WITH -> "end with";
            case REGEX -> "match";
        };
    }

    /** Every text that is a pattern and no template, so that a broken one is told when it is read. */
    Stream<String> patterns() {
        return how == How.REGEX ? texts.stream().filter(Template::isPlain).map(Template::source) : Stream.empty();
    }
}
