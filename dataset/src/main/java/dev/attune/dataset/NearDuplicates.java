package dev.attune.dataset;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Joins texts that say nearly the same: those whose sets of {@link Shingles} have a Jaccard similarity of 0.8 or more. Up
 * to 20,000 different texts {@link PrefixFilter} names the pairs to compare, so none is missed; beyond, {@link MinHash}.
 */
final class NearDuplicates {
    /** From this similarity on, two texts are near-duplicates. */
    static final double THRESHOLD = 0.8;

    private static final int NONE_MISSED_UP_TO = 20_000;

    /** Shingles in more than this share of the texts are a template that the rows fill in. */
    private static final double TEMPLATE_SHARE = 0.2;

    private final int noneMissedUpTo;
    private final boolean withoutTemplate;
    private final double threshold;

    NearDuplicates() {
        this(NONE_MISSED_UP_TO, false);
    }

    NearDuplicates(int noneMissedUpTo, boolean withoutTemplate) {
        this(noneMissedUpTo, withoutTemplate, THRESHOLD);
    }

    NearDuplicates(int noneMissedUpTo, boolean withoutTemplate, double threshold) {
        this.threshold = threshold;
        this.noneMissedUpTo = noneMissedUpTo;
        this.withoutTemplate = withoutTemplate;
    }

    /** Compares texts by what is left of them once shingles that a fifth of all texts share are taken away. */
    static NearDuplicates withoutTemplate() {
        return new NearDuplicates(NONE_MISSED_UP_TO, true);
    }

    /** Compares texts with another threshold, 0.8 or more. */
    static NearDuplicates from(double threshold) {
        return new NearDuplicates(NONE_MISSED_UP_TO, false, threshold);
    }

    /** Whether two texts need no comparison, as what it would show is known. */
    @FunctionalInterface
    interface Known {
        boolean known(int first, int second);
    }

    /** Joins the near-duplicates among normalised texts; equal texts are always joined. */
    void join(List<String> texts, Components components) {
        join(texts, components::joined, components::join);
    }

    /** Tells pairs that join the near-duplicates among normalised texts; equal texts are always joined. */
    void join(List<String> texts, Known joined, MinHash.Pairs join) {
        var first = new HashMap<String, Integer>();
        var different = new ArrayList<Integer>();
        for (int i = 0; i < texts.size(); i++) {
            Integer same = first.putIfAbsent(texts.get(i), i);
            if (same == null) {
                different.add(i);
            } else {
                join.candidate(same, i);
            }
        }
        pairs(different.stream().map(texts::get).toList(),
                (i, j) -> joined.known(different.get(i), different.get(j)),
                (i, j, similarity) -> join.candidate(different.get(i), different.get(j)));
    }

    /** Told a pair of near-duplicates, {@code first < second}, and their Jaccard similarity. */
    @FunctionalInterface
    interface NearPairs {
        void near(int first, int second, double similarity);
    }

    /** Finds the pairs of near-duplicates among normalised texts; a pair may be told twice. */
    void pairs(List<String> texts, Known known, NearPairs found) {
        compare(texts.stream().map(Shingles::characters).toList(), known, found);
        compare(texts.stream().map(Shingles::words).toList(), known, found);
    }

    private void compare(List<long[]> all, Known known, NearPairs found) {
        List<long[]> sets = withoutTemplate ? contents(all) : all;
        MinHash.Pairs verify = (i, j) -> {
            double similarity = known.known(i, j) ? 0 : similarity(sets.get(i), sets.get(j), threshold);
            if (similarity > 0) {
                found.near(i, j, similarity);
            }
        };
        if (sets.size() > noneMissedUpTo) {
            MinHash.candidates(sets, verify);
        } else {
            PrefixFilter.candidates(sets, threshold, verify);
        }
    }

    /** The Jaccard similarity of two sets where it is the threshold or more; else 0. */
    static double similarity(long[] a, long[] b, double threshold) {
        int smaller = Math.min(a.length, b.length);
        if (smaller == 0 || smaller < threshold * Math.max(a.length, b.length)) {
            return 0;
        }
        double jaccard = Shingles.jaccard(a, b);
        return jaccard >= threshold ? jaccard : 0;
    }

    private static List<long[]> contents(List<long[]> sets) {
        Map<Long, Integer> counts = new HashMap<>();
        sets.forEach(set -> Arrays.stream(set).forEach(shingle -> counts.merge(shingle, 1, Integer::sum)));
        Set<Long> template = new HashSet<>();
        counts.forEach((shingle, count) -> {
            if (count > Math.max(2, TEMPLATE_SHARE * sets.size())) {
                template.add(shingle);
            }
        });
        return sets.stream().map(set -> Arrays.stream(set).filter(shingle -> !template.contains(shingle)).toArray())
                .toList();
    }
}
