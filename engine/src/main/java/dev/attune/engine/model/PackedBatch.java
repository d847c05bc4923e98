package dev.attune.engine.model;

import dev.attune.text.MaskedTokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Examples laid side by side in rows of equal length, so that no product is spent on padding. Arrays are row-major,
 * length {@code rows * length}.
 *
 * @param tokens token ids; 0 where a row is not full
 * @param positions each token's index within its own example
 * @param segments which example of the row a token belongs to, from 0; −1 where the row is not full. A token sees
 *        earlier tokens of its own segment only
 * @param targets the id that is to follow, or −1 where nothing is learned
 * @param sources which of the packed examples a token belongs to, in the order in which they were given, from 0; −1 where
 *        the row is not full
 */
public record PackedBatch(int rows, int length, int[] tokens, int[] positions, int[] segments, int[] targets,
        int[] sources) {

    /** How many tokens have a target. */
    public int trainedTokens() {
        int count = 0;
        for (int target : targets) {
            count += target >= 0 ? 1 : 0;
        }
        return count;
    }

    /** How many tokens are not padding. */
    public int realTokens() {
        int count = 0;
        for (int segment : segments) {
            count += segment >= 0 ? 1 : 0;
        }
        return count;
    }

    /**
     * Packs all examples into as few rows as first-fit, longest first, finds. The row length is the longest example, or
     * {@code preferredLength} if that is more.
     */
    public static PackedBatch pack(List<MaskedTokens> examples, int preferredLength) {
        int longest = examples.stream().mapToInt(MaskedTokens::length).max().orElse(1);
        var filler = new Filler(Integer.MAX_VALUE, Math.max(longest, preferredLength));
        IntStream.range(0, examples.size()).mapToObj(i -> new Placed(examples.get(i), i))
                .sorted(Comparator.comparingInt(Placed::length).reversed()).forEach(filler::add);
        return filler.build();
    }

    /** An example and its number among those that are packed. */
    private record Placed(MaskedTokens example, int source) {
        int length() {
            return example.length();
        }
    }

    /** Rows being filled. Not thread-safe. */
    public static final class Filler {
        private final int maxRows;
        private final int length;
        private final List<List<Placed>> rows = new ArrayList<>();
        private final List<Integer> used = new ArrayList<>();
        private int added;

        /**
         * @param maxRows how many rows there may be
         * @param length most tokens in a row
         */
        public Filler(int maxRows, int length) {
            this.maxRows = maxRows;
            this.length = length;
        }

        /**
         * Puts an example into the first row with room.
         *
         * @return false if there is none
         */
        public boolean add(MaskedTokens example) {
            boolean fits = add(new Placed(example, added));
            added += fits ? 1 : 0;
            return fits;
        }

        private boolean add(Placed example) {
            if (example.length() > length) {
                throw new IllegalArgumentException(
                        "an example of " + example.length() + " tokens does not fit a row of " + length);
            }
            for (int row = 0; row < rows.size(); row++) {
                if (used.get(row) + example.length() <= length) {
                    rows.get(row).add(example);
                    used.set(row, used.get(row) + example.length());
                    return true;
                }
            }
            if (rows.size() == maxRows) {
                return false;
            }
            rows.add(new ArrayList<>(List.of(example)));
            used.add(example.length());
            return true;
        }

        /** One batch of all rows, cut to the fullest one, rounded up to a multiple of 8. */
        public PackedBatch build() {
            return build(rows);
        }

        /** The rows dealt out to {@code parts} batches of nearly equal size. */
        public List<PackedBatch> build(int parts) {
            var batches = new ArrayList<PackedBatch>();
            for (int i = 0; i < parts; i++) {
                batches.add(build(rows.subList(rows.size() * i / parts, rows.size() * (i + 1) / parts)));
            }
            return batches;
        }

        private static PackedBatch build(List<List<Placed>> rows) {
            int fullest = rows.stream().mapToInt(row -> row.stream().mapToInt(Placed::length).sum()).max()
                    .orElse(1);
            int width = (fullest + 7) / 8 * 8;
            int count = Math.max(1, rows.size());
            var batch = new PackedBatch(count, width, new int[count * width], new int[count * width],
                    new int[count * width], new int[count * width], new int[count * width]);
            Arrays.fill(batch.segments, -1);
            Arrays.fill(batch.sources, -1);
            Arrays.fill(batch.targets, -1);
            for (int row = 0; row < rows.size(); row++) {
                int at = row * width;
                for (int segment = 0; segment < rows.get(row).size(); segment++) {
                    batch.place(rows.get(row).get(segment), segment, at);
                    at += rows.get(row).get(segment).length();
                }
            }
            return batch;
        }
    }

    private void place(Placed placed, int segment, int at) {
        MaskedTokens example = placed.example;
        for (int i = 0; i < example.length(); i++) {
            tokens[at + i] = example.ids()[i];
            positions[at + i] = i;
            segments[at + i] = segment;
            sources[at + i] = placed.source;
            if (i + 1 < example.length() && example.trained()[i + 1]) {
                targets[at + i] = example.ids()[i + 1];
            }
        }
    }
}
