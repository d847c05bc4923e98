package dev.attune.dataset;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Splits a dataset so that what is measured was not trained on: rows that ask the same, or are near-duplicates in their
 * question or as a whole, form a group, and a group is never divided. Where answers are labels, each part has them in about
 * the same shares. The same rows, fractions and seed give the same parts. Thread-safe.
 *
 * <p>Groups of several rows are dealt first, the largest first, then single rows in order of their label; each goes to the
 * part that is furthest behind its share of what has been dealt. So every part ends within a row or two of its fraction,
 * unless groups are too large for that.
 */
public final class DatasetSplitter {
    private static final int PARTS = 3;
    private static final List<String> NAMES = List.of("training", "validation", "test");

    private final double[] fractions;
    private final long seed;

    /**
     * A splitter.
     *
     * @param validation the share of the rows for validation, in [0, 1)
     * @param test the share for the test, in [0, 1); something must be left for training
     * @throws DatasetException where the shares make no sense
     */
    public DatasetSplitter(double validation, double test, long seed) {
        if (!(validation >= 0 && test >= 0 && validation + test < 1)) {
            throw new DatasetException("The shares for validation (" + validation + ") and test (" + test
                    + ") must not be negative and must add up to less than 1, so that rows are left to train on.");
        }
        this.fractions = new double[]{1 - validation - test, validation, test};
        this.seed = seed;
    }

    /**
     * Splits.
     *
     * @throws DatasetException where there are too few rows, or too few that differ, to give each part one
     */
    public Split split(Dataset dataset) {
        List<Row> rows = dataset.rows();
        int wanted = (int) Arrays.stream(fractions).filter(fraction -> fraction > 0).count();
        if (rows.size() < wanted) {
            throw new DatasetException(
                    dataset.source() + " has " + rows.size() + " row(s) that can be trained on, too few for "
                            + wanted + " parts; add rows.");
        }
        var notes = new ArrayList<String>();
        List<List<Integer>> groups = groups(rows, notes);
        if (groups.size() < wanted) {
            throw new DatasetException(
                    "The rows of " + dataset.source() + " say so nearly the same that they form only "
                            + groups.size() + " group(s), too few for " + wanted
                            + " parts; add rows that differ, or ask for fewer parts.");
        }
        int[] part = deal(rows, groups);
        List<List<Row>> parts = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (int i = 0; i < rows.size(); i++) {
            parts.get(part[i]).add(rows.get(i));
        }
        return new Split(parts.get(0), parts.get(1), parts.get(2), notes);
    }

    private List<List<Integer>> groups(List<Row> rows, List<String> notes) {
        List<String> questions = rows.stream().map(NormalText::question).toList();
        List<String> whole = rows.stream().map(row -> NormalText.question(row) + "\n" + NormalText.outputKey(row))
                .toList();
        List<List<Integer>> groups = groups(rows, questions, whole, new NearDuplicates());
        if (fits(groups, rows.size())) {
            return groups;
        }
        List<List<Integer>> contents = groups(rows, questions, whole, NearDuplicates.withoutTemplate());
        if (fits(contents, rows.size())) {
            notes.add("Most rows fill in one template, so near-duplicates were told by what differs between rows.");
            return contents;
        }
        notes.add(
                "Too many rows say nearly the same to keep them all in one part, so only rows that ask exactly the same were kept together.");
        return sameQuestion(rows).groups();
    }

    private static List<List<Integer>> groups(List<Row> rows, List<String> questions, List<String> whole,
            NearDuplicates near) {
        Components components = sameQuestion(rows);
        near.join(questions, components);
        near.join(whole, components);
        return components.groups();
    }

    private static Components sameQuestion(List<Row> rows) {
        var components = new Components(rows.size());
        var first = new HashMap<String, Integer>();
        for (int i = 0; i < rows.size(); i++) {
            Integer same = first.putIfAbsent(NormalText.question(rows.get(i)), i);
            if (same != null) {
                components.join(same, i);
            }
        }
        return components;
    }

    /** Whether the largest group fits into the largest part, and the other rows fill at least half of the other parts. */
    private boolean fits(List<List<Integer>> groups, int rows) {
        int largest = groups.stream().mapToInt(List::size).max().orElse(0);
        double most = Arrays.stream(fractions).max().orElse(1);
        return most == 1 || largest <= 2 || (rows - largest >= (1 - most) / 2 * rows && groups.size() >= PARTS);
    }

    private int[] deal(List<Row> rows, List<List<Integer>> groups) {
        var random = new Random(seed);
        var shuffled = new ArrayList<>(groups);
        Collections.shuffle(shuffled, random);
        int[] part = new int[rows.size()];
        double[] filled = new double[PARTS];
        List<List<Integer>> several = shuffled.stream().filter(group -> group.size() > 1)
                .sorted(Comparator.comparingInt((List<Integer> group) -> group.size()).reversed()).toList();
        dealInOrder(several, fractions, part, filled);
        double[] left = new double[PARTS];
        for (int p = 0; p < PARTS; p++) {
            left[p] = Math.max(0, rows.size() * fractions[p] - filled[p]);
        }
        double sum = Arrays.stream(left).sum();
        double[] shares = sum == 0 ? fractions : Arrays.stream(left).map(rest -> rest / sum).toArray();
        dealInOrder(byLabel(rows, shuffled), shares, part, new double[PARTS]);
        return withoutEmptyParts(part, groups);
    }

    private static List<List<Integer>> byLabel(List<Row> rows, List<List<Integer>> groups) {
        List<String> strata = LabelBalance.strata(rows);
        Map<String, List<List<Integer>>> single = new TreeMap<>();
        groups.stream().filter(group -> group.size() == 1)
                .forEach(group -> single.computeIfAbsent(strata.get(group.getFirst()), label -> new ArrayList<>())
                        .add(group));
        return single.values().stream().flatMap(List::stream).toList();
    }

    private static void dealInOrder(List<List<Integer>> groups, double[] shares, int[] part, double[] filled) {
        double dealt = 0;
        for (List<Integer> group : groups) {
            dealt += group.size();
            int behind = 0;
            for (int p = 1; p < PARTS; p++) {
                if (shares[p] * dealt - filled[p] > shares[behind] * dealt - filled[behind] + 1e-9) {
                    behind = p;
                }
            }
            filled[behind] += group.size();
            for (int row : group) {
                part[row] = behind;
            }
        }
    }

    private int[] withoutEmptyParts(int[] part, List<List<Integer>> groups) {
        for (int p = 0; p < PARTS; p++) {
            int empty = p;
            if (fractions[p] == 0 || Arrays.stream(part).anyMatch(at -> at == empty)) {
                continue;
            }
            int[] groupsOf = new int[PARTS];
            groups.forEach(group -> groupsOf[part[group.getFirst()]]++);
            List<Integer> smallest = groups.stream().filter(group -> groupsOf[part[group.getFirst()]] > 1)
                    .min(Comparator.comparingInt(List::size))
                    .orElseThrow(() -> new DatasetException(
                            "There is no group of rows left for " + NAMES.get(empty) + "; add rows."));
            smallest.forEach(row -> part[row] = empty);
        }
        return part;
    }
}
