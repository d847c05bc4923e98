package dev.attune.dataset.quality;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Groups what checks find by kind: how many rows, the first lines, the first places. Excerpts are masked and shortened
 * here, so no check can forget it. Not thread-safe.
 */
final class Reporter {
    private final Map<CheckKind, Group> groups = new HashMap<>();

    /** A place in a row. A second place of the same kind in the same row is the same problem. */
    void found(CheckKind kind, int line, String pointer, String what, Excerpt excerpt) {
        groups.computeIfAbsent(kind, Group::new).add(line, pointer, what, excerpt);
    }

    /** Something that the dataset as a whole shows. */
    void whole(CheckKind kind, String summary) {
        whole(kind, summary, new Places());
    }

    /** Something that the dataset as a whole shows, and rows where it can be seen. */
    void whole(CheckKind kind, String summary, Places places) {
        Group group = groups.computeIfAbsent(kind, Group::new);
        group.summary = summary;
        group.places = places;
    }

    /** Places that a check has collected before it knew whether they matter. */
    void found(CheckKind kind, Places places) {
        if (places.rows() > 0) {
            groups.computeIfAbsent(kind, Group::new).places = places;
        }
    }

    QualityReport report() {
        var findings = new ArrayList<Finding>();
        for (CheckKind kind : QualityChecks.kinds()) {
            Group group = groups.get(kind);
            if (group != null) {
                findings.add(group.finding());
            }
        }
        return new QualityReport(findings);
    }

    private static final class Group {
        private final CheckKind kind;
        private Places places = new Places();
        private String summary = "";

        Group(CheckKind kind) {
            this.kind = kind;
        }

        void add(int line, String pointer, String what, Excerpt excerpt) {
            places.add(line, pointer, what, excerpt);
        }

        Finding finding() {
            return new Finding(kind, places.rows(), places.lines(), places.examples(), summary);
        }
    }

    /** Rows that have a problem: how many, which first, and what the first ones look like. */
    static final class Places {
        private final List<Integer> lines = new ArrayList<>();
        private final List<Example> examples = new ArrayList<>();
        private int rows;
        private int last;

        void add(int line, String pointer, String what, Excerpt excerpt) {
            if (line == last) {
                return;
            }
            last = line;
            rows++;
            if (lines.size() < Finding.MOST_LINES) {
                lines.add(line);
            }
            if (examples.size() < Finding.MOST_EXAMPLES) {
                examples.add(new Example(line, pointer, what, excerpt.kept()));
            }
        }

        int rows() {
            return rows;
        }

        List<Integer> lines() {
            return lines;
        }

        List<Evidence> examples() {
            return examples.stream().map(Example::evidence).toList();
        }

        /** A place whose excerpt is only worked out where it is reported, which most are not. */
        private record Example(int line, String pointer, String what, Excerpt excerpt) {
            Evidence evidence() {
                return new Evidence(line, pointer, what, excerpt.shown());
            }
        }
    }
}
