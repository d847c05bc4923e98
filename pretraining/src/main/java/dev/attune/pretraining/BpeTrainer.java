package dev.attune.pretraining;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Learns a byte-level BPE vocabulary (Sennrich et al., 2016; the byte alphabet and the splitting are GPT-2's).
 *
 * <p>
 * Two things differ, so that a tiny model can copy. Digits stand alone, at most with the space before them. And a space joins the word after it only for
 * words on a short list (the, is, my, …), by merges that come last: any other word has the same pieces after a space as
 * after a quote or at the start of a line, and copying it is the identity on tokens.
 */
final class BpeTrainer {
    /** How text is cut before merging; a single space stays with what follows. */
    static final String SPLIT = "'(?:[sdmt]|ll|ve|re)(?!\\p{L})| ?\\p{L}+| ?\\p{N}| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

    private static final Pattern PIECES = Pattern.compile(SPLIT);

    private final Map<String, Long> counts = new TreeMap<>();

    /** A token followed by a token makes a token. */
    record Merge(String left, String right) {
        String joined() {
            return left + right;
        }
    }

    /** Counts the pieces of a text, each {@code times} times. */
    void add(String text, long times) {
        var pieces = PIECES.matcher(text);
        while (pieces.find()) {
            String piece = pieces.group();
            if (piece.length() > 1 && piece.charAt(0) == ' ' && Character.isLetter(piece.charAt(1))) {
                piece = piece.substring(1);
            }
            counts.merge(ByteAlphabet.write(piece), times, Long::sum);
        }
    }

    /** Counts a piece that is already cut and in the byte alphabet. */
    void addPiece(String piece, long times) {
        counts.merge(piece, times, Long::sum);
    }

    /** The merges in order of rank: up to {@code learned} learned ones, then one for each word that takes its space along. */
    List<Merge> train(int learned, Collection<String> withSpace) {
        var merges = new ArrayList<>(learn(learned));
        var known = new HashSet<String>();
        merges.forEach(merge -> known.add(merge.joined()));
        String space = ByteAlphabet.write(" ");
        for (String word : withSpace) {
            if (word.length() == 1 || known.contains(word)) {
                merges.add(new Merge(space, word));
            }
        }
        return merges;
    }

    private List<Merge> learn(int wanted) {
        var words = new ArrayList<Word>();
        var where = new HashMap<Merge, Set<Integer>>();
        var pairs = new HashMap<Merge, Long>();
        counts.forEach((text, count) -> {
            if (count > 1 && text.length() > 1) {
                words.add(new Word(text, count));
            }
        });
        for (int i = 0; i < words.size(); i++) {
            words.get(i).tally(1, pairs, where, i);
        }
        var merges = new ArrayList<Merge>();
        while (merges.size() < wanted) {
            Merge best = best(pairs);
            if (best == null) {
                break;
            }
            merges.add(best);
            for (int at : List.copyOf(where.getOrDefault(best, Set.of()))) {
                var word = words.get(at);
                word.tally(-1, pairs, where, at);
                word.merge(best);
                word.tally(1, pairs, where, at);
            }
            pairs.remove(best);
        }
        return merges;
    }

    private static @org.jspecify.annotations.Nullable Merge best(Map<Merge, Long> pairs) {
        Merge best = null;
        long most = 1;
        for (var entry : pairs.entrySet()) {
            long count = entry.getValue();
            Merge pair = entry.getKey();
            if (count > most || count == most && best != null
                    && (pair.left().compareTo(best.left()) < 0
                            || pair.left().equals(best.left()) && pair.right().compareTo(best.right()) < 0)) {
                best = pair;
                most = count;
            }
        }
        return best;
    }

    private static final class Word {
        private final List<String> parts = new ArrayList<>();
        private final long count;

        private Word(String text, long count) {
            text.chars().forEach(c -> parts.add(Character.toString(c)));
            this.count = count;
        }

        private void tally(int sign, Map<Merge, Long> pairs, Map<Merge, Set<Integer>> where, int index) {
            for (int i = 0; i + 1 < parts.size(); i++) {
                var pair = new Merge(parts.get(i), parts.get(i + 1));
                pairs.merge(pair, sign * count, Long::sum);
                if (sign > 0) {
                    where.computeIfAbsent(pair, key -> new HashSet<>()).add(index);
                }
            }
        }

        private void merge(Merge merge) {
            for (int i = 0; i + 1 < parts.size(); i++) {
                if (parts.get(i).equals(merge.left()) && parts.get(i + 1).equals(merge.right())) {
                    parts.set(i, merge.joined());
                    parts.remove(i + 1);
                }
            }
        }
    }
}
