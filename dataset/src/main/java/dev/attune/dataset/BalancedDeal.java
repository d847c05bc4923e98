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
 * Deals groups so that shares and strata come out as asked. Groups of several rows are dealt first, the largest first, then
 * single rows in order of their stratum; each goes to the part that is furthest behind its share of what has been dealt, in
 * all and in the strata that the group's rows have. So every part ends within a row or two of its share, unless groups are
 * too large for that. Not thread-safe.
 */
final class BalancedDeal {
    private final double[] shares;
    private final long seed;
    private final List<String> strata;
    private final int[] part;
    private final double[] filled;

    private BalancedDeal(double[] shares, long seed, List<String> strata) {
        this.shares = shares;
        this.seed = seed;
        this.strata = strata;
        this.part = new int[strata.size()];
        this.filled = new double[shares.length];
    }

    /**
     * Deals.
     *
     * @param groups the rows by their places, each row in one group; at least as many as there are shares above 0
     * @param strata the stratum of each row
     * @return the part of each row
     */
    static int[] deal(List<List<Integer>> groups, List<String> strata, double[] shares, long seed) {
        var deal = new BalancedDeal(shares, seed, strata);
        deal.deal(groups);
        deal.fillEmptyParts(groups);
        return deal.part;
    }

    private void deal(List<List<Integer>> groups) {
        var shuffled = new ArrayList<>(groups);
        Collections.shuffle(shuffled, new Random(seed));
        dealSeveral(shuffled.stream().filter(group -> group.size() > 1)
                .sorted(Comparator.comparingInt((List<Integer> group) -> group.size()).reversed()).toList());
        double[] left = new double[shares.length];
        for (int p = 0; p < left.length; p++) {
            left[p] = Math.max(0, strata.size() * shares[p] - filled[p]);
        }
        double sum = Arrays.stream(left).sum();
        dealSingle(shuffled, sum == 0 ? shares : Arrays.stream(left).map(rest -> rest / sum).toArray());
    }

    private void dealSeveral(List<List<Integer>> groups) {
        double dealt = 0;
        var dealtOf = new HashMap<String, Double>();
        var filledOf = new HashMap<String, double[]>();
        for (List<Integer> group : groups) {
            Map<String, Integer> own = new TreeMap<>();
            group.forEach(row -> own.merge(strata.get(row), 1, Integer::sum));
            dealt += group.size();
            own.forEach((stratum, rows) -> dealtOf.merge(stratum, (double) rows, Double::sum));
            double[] behind = new double[shares.length];
            for (int p = 0; p < behind.length; p++) {
                behind[p] = shares[p] * dealt - filled[p];
                for (var entry : own.entrySet()) {
                    double of = filledOf.computeIfAbsent(entry.getKey(), key -> new double[shares.length])[p];
                    behind[p] += (shares[p] * dealtOf.getOrDefault(entry.getKey(), 0.0) - of) * entry.getValue()
                            / group.size();
                }
            }
            int to = furthest(behind);
            own.forEach(
                    (stratum, rows) -> filledOf.computeIfAbsent(stratum, key -> new double[shares.length])[to] += rows);
            put(group, to);
        }
    }

    private void dealSingle(List<List<Integer>> groups, double[] rest) {
        Map<String, List<List<Integer>>> ofStratum = new TreeMap<>();
        groups.stream().filter(group -> group.size() == 1).forEach(group -> ofStratum
                .computeIfAbsent(strata.get(group.getFirst()), stratum -> new ArrayList<>()).add(group));
        double[] before = filled.clone();
        int dealt = 0;
        for (List<List<Integer>> single : ofStratum.values()) {
            for (List<Integer> group : single) {
                dealt++;
                double[] behind = new double[rest.length];
                for (int p = 0; p < behind.length; p++) {
                    behind[p] = rest[p] * dealt - (filled[p] - before[p]);
                }
                put(group, furthest(behind));
            }
        }
    }

    private static int furthest(double[] behind) {
        int furthest = 0;
        for (int p = 1; p < behind.length; p++) {
            furthest = behind[p] > behind[furthest] + 1e-9 ? p : furthest;
        }
        return furthest;
    }

    private void put(List<Integer> group, int to) {
        group.forEach(row -> part[row] = to);
        filled[to] += group.size();
    }

    /** A part that no group fell to takes the smallest group of a part that has several. */
    private void fillEmptyParts(List<List<Integer>> groups) {
        for (int p = 0; p < shares.length; p++) {
            int empty = p;
            if (shares[p] == 0 || Arrays.stream(part).anyMatch(at -> at == empty)) {
                continue;
            }
            int[] groupsOf = new int[shares.length];
            groups.forEach(group -> groupsOf[part[group.getFirst()]]++);
            groups.stream().filter(group -> groupsOf[part[group.getFirst()]] > 1)
                    .min(Comparator.comparingInt(List::size)).ifPresent(group -> put(group, empty));
        }
    }
}
