package dev.attune.dataset.quality;

import dev.attune.dataset.Problem;
import java.util.List;
import java.util.stream.Collectors;

/**
 * All that a dataset has of one kind of problem. Immutable.
 *
 * @param rows how many rows have it; 0 where the dataset as a whole is meant
 * @param lines their first lines, at most {@value #MOST_LINES}
 * @param examples the first places, at most {@value #MOST_EXAMPLES}
 * @param summary what the dataset as a whole shows; empty where single rows are meant
 */
public record Finding(CheckKind kind, int rows, List<Integer> lines, List<Evidence> examples, String summary) {
    static final int MOST_LINES = 50;
    static final int MOST_EXAMPLES = 5;
    private static final int NAMED_LINES = 5;

    public Finding {
        lines = List.copyOf(lines);
        examples = List.copyOf(examples);
    }

    public String code() {
        return kind.code();
    }

    /** One sentence without a full stop: what is wrong, on which lines, and what to do. */
    public String message() {
        if (!summary.isEmpty()) {
            return summary + named(lines, rows, " (", ")") + "; " + kind.advice();
        }
        return examples.getFirst().what() + more() + "; " + kind.advice();
    }

    private String more() {
        if (rows == 1) {
            return "";
        }
        int others = rows - 1;
        return ", and %,d more %s like it%s".formatted(others, others == 1 ? "row is" : "rows are",
                named(lines.subList(1, lines.size()), others, " (", ")"));
    }

    private static String named(List<Integer> lines, int all, String before, String after) {
        if (lines.isEmpty()) {
            return "";
        }
        String named = lines.stream().limit(NAMED_LINES).map(String::valueOf).collect(Collectors.joining(", "));
        return before + (all == 1 ? "line " : "lines ") + named + (all > NAMED_LINES ? ", …" : "") + after;
    }

    /** The finding as one problem at its first place, however many rows have it. */
    public Problem problem() {
        if (examples.isEmpty()) {
            return Problem.ofFile(kind.code(), kind.severity(), message());
        }
        Evidence first = examples.getFirst();
        return new Problem(kind.code(), kind.severity(), first.line(), first.pointer(), message(), first.excerpt());
    }
}
