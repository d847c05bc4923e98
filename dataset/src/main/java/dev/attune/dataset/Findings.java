package dev.attune.dataset;

import dev.attune.dataset.quality.Excerpt;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The problems of one line, as its checks find them. Not thread-safe. */
final class Findings {
    /** A key of a row that is not used in training. */
    static final String EXTRA_KEY = "example_unrecognized_key";

    private final int line;
    private final List<Problem> problems = new ArrayList<>();

    Findings(int line) {
        this.line = line;
    }

    void error(String code, String pointer, String message, @Nullable Object evidence) {
        add(Problem.ofRow(code, Severity.ERROR, line, pointer, message, evidence));
    }

    void warning(String code, String pointer, String message, @Nullable Object evidence) {
        add(Problem.ofRow(code, Severity.WARNING, line, pointer, message, evidence));
    }

    void add(Problem problem) {
        problems.add(problem);
    }

    /** Takes over what was found inside a value, whose pointers begin anew there. */
    void addInside(String at, Problem problem) {
        problems.add(new Problem(problem.code(), problem.severity(), line, at + problem.pointer(), problem.message(),
                problem.excerpt()));
    }

    void addAll(Findings others) {
        problems.addAll(others.problems);
    }

    int line() {
        return line;
    }

    boolean hasErrors() {
        return problems.stream().anyMatch(Problem::isError);
    }

    /** Whether there is an error that keeps the row from being looked at further: any but a key that is one too many. */
    boolean isUnreadable() {
        return problems.stream().anyMatch(problem -> problem.isError() && !problem.code().equals(EXTRA_KEY));
    }

    List<Problem> problems() {
        return problems;
    }

    /** A value, shortened to one short line. */
    static String excerpt(@Nullable Object evidence) {
        if (evidence == null) {
            return "";
        }
        return Excerpt.of(JsonText.of(evidence)).shown();
    }

    /** The piece of a text around one of its characters. */
    static String around(String text, int index) {
        return Excerpt.around(text, Math.min(index, text.length())).shown();
    }
}
