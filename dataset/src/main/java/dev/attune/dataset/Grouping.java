package dev.attune.dataset;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Rows joined into groups that a split must not divide, and the pairs that joined them. Not thread-safe. */
final class Grouping {
    private final List<Row> rows;
    private final Components components;
    private final List<Joined> joins = new ArrayList<>();

    /** Two rows, by their places in the list, the smaller first. */
    record Joined(int first, int second, Bond bond) {}

    private Grouping(List<Row> rows) {
        this.rows = rows;
        this.components = new Components(rows.size());
    }

    /** Rows of one group key, and rows that ask exactly the same. */
    static Grouping exact(List<Row> rows, RowKey group) {
        var grouping = new Grouping(rows);
        var groups = new HashMap<String, Integer>();
        var questions = new HashMap<String, Integer>();
        for (int i = 0; i < rows.size(); i++) {
            int row = i;
            group.in(rows.get(i)).ifPresent(value -> grouping.same(groups, value, row, Bond.SAME_GROUP));
            grouping.same(questions, NormalText.question(rows.get(i)), row, Bond.SAME_QUESTION);
        }
        return grouping;
    }

    /** Also rows that ask nearly the same, and rows that are nearly the same as a whole. */
    static Grouping near(List<Row> rows, RowKey group, NearDuplicates near) {
        Grouping grouping = exact(rows, group);
        grouping.join(near, rows.stream().map(NormalText::question).toList(), Bond.NEAR_QUESTION);
        grouping.join(near, rows.stream().map(NormalText::whole).toList(), Bond.NEAR_ROW);
        return grouping;
    }

    private void same(Map<String, Integer> first, String value, int row, Bond bond) {
        Integer same = first.putIfAbsent(value, row);
        if (same != null) {
            join(same, row, bond);
        }
    }

    private void join(NearDuplicates near, List<String> texts, Bond bond) {
        near.join(texts, components::joined, (a, b) -> join(a, b, bond));
    }

    private void join(int a, int b, Bond bond) {
        if (!components.joined(a, b)) {
            components.join(a, b);
            joins.add(new Joined(Math.min(a, b), Math.max(a, b), bond));
        }
    }

    /** All groups, single rows too, in the order of their first rows; rows by their places, in order. */
    List<List<Integer>> groups() {
        return components.groups();
    }

    List<Joined> joins() {
        return joins;
    }

    int rows() {
        return rows.size();
    }

    int largest() {
        return groups().stream().mapToInt(List::size).max().orElse(0);
    }
}
