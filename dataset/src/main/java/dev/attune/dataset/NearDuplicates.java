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

    NearDuplicates() {
        this(NONE_MISSED_UP_TO, false);
    }

    NearDuplicates(int noneMissedUpTo, boolean withoutTemplate) {
        this.noneMissedUpTo = noneMissedUpTo;
        this.withoutTemplate = withoutTemplate;
    }

    /** Compares texts by what is left of them once shingles that a fifth of all texts share are taken away. */
    static NearDuplicates withoutTemplate() {
        return new NearDuplicates(NONE_MISSED_UP_TO, true);
    }

    /** Whether two texts need no comparison, as what it would show is known. */
    @FunctionalInterface
    interface Known {
        boolean known(int first, int second);
    }

    /** Joins the near-duplicates among normalised texts; equal texts are always joined. */
    void join(List<String> texts, Components components) {
        var first = new HashMap<String, Integer>();
        var different = new ArrayList<Integer>();
        for (int i = 0; i < texts.size(); i++) {
            Integer same = first.putIfAbsent(texts.get(i), i);
            if (same == null) {
                different.add(i);
            } else {
                components.join(same, i);
            }
        }
        pairs(different.stream().map(texts::get).toList(),
                (i, j) -> components.joined(different.get(i), different.get(j)),
                (i, j) -> components.join(different.get(i), different.get(j)));
    }

    /** Finds the pairs of near-duplicates among normalised texts; a pair may be told twice. */
    void pairs(List<String> texts, Known known, MinHash.Pairs found) {
        compare(texts.stream().map(Shingles::characters).toList(), known, found);
        compare(texts.stream().map(Shingles::words).toList(), known, found);
    }

    private void compare(List<long[]> all, Known known, MinHash.Pairs found) {
        List<long[]> sets = withoutTemplate ? contents(all) : all;
        MinHash.Pairs verify = (i, j) -> {
            if (!known.known(i, j) && near(sets.get(i), sets.get(j))) {
                found.candidate(i, j);
            }
        };
        if (sets.size() > noneMissedUpTo) {
            MinHash.candidates(sets, verify);
        } else {
            PrefixFilter.candidates(sets, THRESHOLD, verify);
        }
    }

    private static boolean near(long[] a, long[] b) {
        int smaller = Math.min(a.length, b.length);
        int larger = Math.max(a.length, b.length);
        return smaller > 0 && smaller >= THRESHOLD * larger && Shingles.jaccard(a, b) >= THRESHOLD;
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
