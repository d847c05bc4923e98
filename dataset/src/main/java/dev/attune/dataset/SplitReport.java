package dev.attune.dataset;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * How a dataset was split, for a person to read and for programs to keep. All parts are records, so Jackson writes it as
 * JSON. Immutable.
 *
 * @param parts training, validation and test, in this order
 * @param stratifiedBy in words; empty where the mode balances no strata
 * @param strata how often each stratum stands in each part, the commonest first
 * @param together the groups of two rows or more, in the order of their first lines
 * @param leftOut lines of rows that are in no part, which only the sticky mode leaves
 * @param detectable what the test rows can show
 * @param notes what a person should know, one sentence each
 */
public record SplitReport(List<Part> parts, String stratifiedBy, List<Stratum> strata, List<Group> together,
        List<Integer> leftOut, DetectableDifference detectable, List<String> notes) {

    /**
     * One part.
     *
     * @param name {@code training}, {@code validation} or {@code test}
     * @param share of all rows, in [0, 1]
     * @param wanted the share that was asked for
     */
    public record Part(String name, int rows, double share, double wanted) {}

    /** The rows of one value in each part. */
    public record Stratum(String value, int training, int validation, int test) {}

    /**
     * Rows that went to one part together.
     *
     * @param part the name of the part
     * @param bonds all reasons, the strongest first
     * @param links the pairs that joined them, one fewer than there are rows
     */
    public record Group(String part, List<Integer> lines, Set<Bond> bonds, List<Link> links) {
        public Group {
            lines = List.copyOf(lines);
            bonds = Collections.unmodifiableSet(new TreeSet<>(bonds));
            links = List.copyOf(links);
        }
    }

    /** Two rows, by their lines, and what joins them. */
    public record Link(int line, int other, Bond bond) {}

    public SplitReport {
        parts = List.copyOf(parts);
        strata = List.copyOf(strata);
        together = List.copyOf(together);
        leftOut = List.copyOf(leftOut);
        notes = List.copyOf(notes);
    }

    SplitReport holdingOut(int validation, int test, List<String> furtherNotes) {
        int training = parts.getFirst().rows();
        double all = Math.max(1, training + validation + test);
        var sizes = List.of(new Part("training", training, training / all, parts.get(0).wanted()),
                new Part("validation", validation, validation / all, parts.get(1).wanted()),
                new Part("test", test, test / all, parts.get(2).wanted()));
        return new SplitReport(sizes, stratifiedBy, strata, together, leftOut, DetectableDifference.of(test),
                Stream.concat(notes.stream(), furtherNotes.stream()).toList());
    }
}
