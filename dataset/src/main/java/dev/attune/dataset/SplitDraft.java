package dev.attune.dataset;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Rows and the part that each was dealt to, from which the parts and the report are made.
 *
 * @param part 0 training, 1 validation, 2 test; negative for a row in none
 * @param joins the pairs that stayed together, one fewer in a group than it has rows
 */
record SplitDraft(List<Row> rows, SplitPlan plan, int[] part, List<Grouping.Joined> joins) {
    private static final List<String> NAMES = List.of("training", "validation", "test");

    Split split(Strata strata, List<String> notes) {
        List<List<Row>> parts = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        var leftOut = new ArrayList<Row>();
        for (int i = 0; i < part.length; i++) {
            (part[i] < 0 ? leftOut : parts.get(part[i])).add(rows.get(i));
        }
        var sizes = new ArrayList<SplitReport.Part>();
        var all = new ArrayList<>(notes);
        double[] wanted = plan.shares();
        for (int p = 0; p < NAMES.size(); p++) {
            int size = parts.get(p).size();
            sizes.add(new SplitReport.Part(NAMES.get(p), size, rows.isEmpty() ? 0 : (double) size / rows.size(),
                    wanted[p]));
            if (size == 0 && wanted[p] > 0) {
                all.add("The " + NAMES.get(p) + " part is empty.");
            }
        }
        var report = new SplitReport(sizes, strata.by(), strata.by().isEmpty() ? List.of() : strata(strata.values()),
                together(), leftOut.stream().map(Row::line).toList(), DetectableDifference.of(parts.get(2).size()),
                all);
        return new Split(parts.get(0), parts.get(1), parts.get(2), report);
    }

    private List<SplitReport.Stratum> strata(List<String> values) {
        var counts = new LinkedHashMap<String, int[]>();
        for (int i = 0; i < part.length; i++) {
            counts.computeIfAbsent(values.get(i), value -> new int[NAMES.size()])[part[i]]++;
        }
        return counts.entrySet().stream()
                .map(entry -> new SplitReport.Stratum(entry.getKey(), entry.getValue()[0], entry.getValue()[1],
                        entry.getValue()[2]))
                .sorted(Comparator.comparingInt(
                        (SplitReport.Stratum stratum) -> stratum.training() + stratum.validation() + stratum.test())
                        .reversed().thenComparing(SplitReport.Stratum::value))
                .toList();
    }

    private List<SplitReport.Group> together() {
        var components = new Components(rows.size());
        joins.forEach(join -> components.join(join.first(), join.second()));
        Map<Integer, List<SplitReport.Link>> links = new LinkedHashMap<>();
        joins.forEach(join -> links.computeIfAbsent(components.find(join.first()), root -> new ArrayList<>())
                .add(new SplitReport.Link(rows.get(join.first()).line(), rows.get(join.second()).line(), join.bond())));
        return components.groups().stream().filter(group -> group.size() > 1).map(group -> {
            List<SplitReport.Link> own = links.getOrDefault(components.find(group.getFirst()), List.of());
            var bonds = EnumSet.noneOf(Bond.class);
            own.forEach(link -> bonds.add(link.bond()));
            return new SplitReport.Group(NAMES.get(part[group.getFirst()]),
                    group.stream().map(i -> rows.get(i).line()).toList(), bonds, own);
        }).toList();
    }
}
