package dev.attune.engine.train;

import dev.attune.engine.data.TrainingExample;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * A part of a batch, for one thread or process.
 *
 * @param places where its examples stand in the batch
 */
record BatchShare(List<Integer> places, List<TrainingExample> examples) {

    /** Shares of about as many tokens each: the longest first, each to the share that is smallest then. */
    static List<BatchShare> of(List<? extends TrainingExample> batch, int count) {
        var shares = new ArrayList<BatchShare>();
        var sizes = new int[count];
        for (int i = 0; i < count; i++) {
            shares.add(new BatchShare(new ArrayList<>(), new ArrayList<>()));
        }
        int[] lengths = batch.stream().mapToInt(TrainingExample::length).toArray();
        for (int place : IntStream.range(0, lengths.length).boxed()
                .sorted(Comparator.comparingInt((Integer i) -> lengths[i]).reversed()).toList()) {
            int smallest = 0;
            for (int i = 1; i < count; i++) {
                smallest = sizes[i] < sizes[smallest] ? i : smallest;
            }
            shares.get(smallest).places.add(place);
            shares.get(smallest).examples.add(batch.get(place));
            sizes[smallest] += lengths[place];
        }
        return shares;
    }

    /** What each share has of its examples, in the batch's order. */
    static <R> List<R> together(List<BatchShare> shares, List<List<R>> found) {
        var all = new TreeMap<Integer, R>();
        for (int i = 0; i < shares.size(); i++) {
            for (int j = 0; j < found.get(i).size(); j++) {
                all.put(shares.get(i).places.get(j), found.get(i).get(j));
            }
        }
        return List.copyOf(all.values());
    }
}
