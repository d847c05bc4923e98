package dev.attune.dataset.report;

import dev.attune.dataset.Problem;
import dev.attune.dataset.Severity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Problems by kind: all are counted, the first of each kind are kept, so memory does not grow with them. Not thread-safe. */
final class ProblemTally {
    static final int MOST_KEPT = 1000;

    private final Map<Key, Group> groups = new LinkedHashMap<>();

    private record Key(Severity severity, String code) {}

    private static final class Group {
        final List<Problem> kept = new ArrayList<>();
        long count;
    }

    void add(Problem problem) {
        add(problem, 1);
    }

    /** Adds a problem that stands for several places. */
    void add(Problem problem, long places) {
        Group group = groups.computeIfAbsent(new Key(problem.severity(), problem.code()), key -> new Group());
        group.count += places;
        if (group.kept.size() < MOST_KEPT) {
            group.kept.add(problem);
        }
    }

    void addAll(List<Problem> problems) {
        problems.forEach(this::add);
    }

    /** The worst first, and of one severity in the order in which they were met. */
    List<FindingGroup> groups() {
        return groups.entrySet().stream()
                .map(entry -> new FindingGroup(entry.getKey().code(), entry.getKey().severity(), entry.getValue().count,
                        entry.getValue().kept))
                .sorted(Comparator.comparing(FindingGroup::severity)).toList();
    }
}
