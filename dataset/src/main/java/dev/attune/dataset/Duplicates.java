package dev.attune.dataset;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Rows that repeat others: exactly, but for case, white space and the layout of JSON; or nearly, question and answer taken
 * together (a Jaccard similarity of 0.8, instructions left out).
 *
 * @param exact lines of each group of equal rows, two or more, in order
 * @param near lines of each group of near-duplicate rows that are not all equal
 */
public record Duplicates(List<List<Integer>> exact, List<List<Integer>> near) {

    static Duplicates of(List<Row> rows) {
        return of(rows, new NearDuplicates());
    }

    static Duplicates of(List<Row> rows, NearDuplicates duplicates) {
        var same = new LinkedHashMap<String, List<Integer>>();
        List<String> keys = rows.stream().map(Duplicates::key).toList();
        for (int i = 0; i < rows.size(); i++) {
            same.computeIfAbsent(keys.get(i), key -> new ArrayList<>(1)).add(rows.get(i).line());
        }
        var components = new Components(rows.size());
        duplicates.join(
                rows.stream().map(NormalText::whole).toList(),
                components);
        List<List<Integer>> near = components.groups().stream()
                .filter(group -> group.stream().map(keys::get).distinct().count() > 1)
                .map(group -> group.stream().map(i -> rows.get(i).line()).toList())
                .toList();
        return new Duplicates(same.values().stream().filter(lines -> lines.size() > 1).map(List::copyOf).toList(),
                near);
    }

    /** A text that rows share exactly if one repeats the other. */
    public static String key(Row row) {
        return key(NormalText.inputKey(row), NormalText.outputKey(row));
    }

    static String key(String input, String output) {
        return input + "\n=> " + output;
    }

    /** How many rows would go if each group of equal rows kept one. */
    public int exactSurplus() {
        return exact.stream().mapToInt(group -> group.size() - 1).sum();
    }

    /** How many rows would go if each group of near-duplicates kept one. */
    public int nearSurplus() {
        return near.stream().mapToInt(group -> group.size() - 1).sum();
    }

    List<Problem> problems() {
        return Stream.concat(exact.stream().map(lines -> exactProblem(lines, lines.size())),
                near.stream().map(lines -> nearProblem(lines, lines.size()))).toList();
    }

    /** Equal rows; of a large group the first lines are enough. */
    static Problem exactProblem(List<Integer> lines, long rows) {
        return new Problem("duplicate_row", Severity.WARNING, lines.get(1), "",
                "the row repeats line " + lines.getFirst() + others(lines, rows)
                        + "; keep one, unless it should weigh more",
                "");
    }

    /** Rows that say nearly the same; of a large group the first lines are enough. */
    static Problem nearProblem(List<Integer> lines, long rows) {
        return new Problem("near_duplicate_row", Severity.ADVICE, lines.get(1), "",
                "the row says nearly the same as line " + lines.getFirst() + others(lines, rows)
                        + "; a split keeps such rows in one part",
                "");
    }

    private static String others(List<Integer> lines, long rows) {
        if (rows == 2) {
            return "";
        }
        String named = lines.subList(2, Math.min(lines.size(), 7)).stream().map(String::valueOf)
                .collect(Collectors.joining(", "));
        return ", as " + (rows == 3 ? "does line " : "do lines ") + named
                + (rows > 7 ? " and " + (rows - 7) + " more" : "");
    }
}
