package dev.attune.dataset;

import dev.attune.text.Message;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Looks for the questions of an evaluation set in training rows, row after row; its memory depends on the evaluation set
 * alone. Each message of a row and the whole question are compared, instructions left out. Not thread-safe.
 */
public final class ContaminationScan implements Consumer<Row> {
    private static final int LONG = 13;
    private static final int MIDDLE = 8;
    private static final int SHORT = 5;
    private static final int LONGEST_BY_JACCARD = 49;
    private static final double LEAST_JACCARD = 0.5;

    /** A run of words in more training texts than this is a phrase that everybody uses. */
    private static final int COMMON = 10;
    private static final int NAMED_LINES = 5;

    private final EvalSet evalSet;
    private final List<Target> targets;
    private final Map<String, List<Target>> byWords = new HashMap<>();
    private final Map<Long, List<Target>> bySmallGram = new HashMap<>();
    private final Map<Long, Shared> longGrams = new HashMap<>();

    /** A question, what is looked for, and the best that was found. */
    private static final class Target {
        final EvalSet.Item item;
        final WordGrams words;
        final int n;
        final long[] small;
        final long[] large;
        final Set<Integer> lines = new LinkedHashSet<>();
        Contamination.@Nullable How how;
        double overlap;

        Target(EvalSet.Item item) {
            this.item = item;
            this.words = WordGrams.of(item.question());
            this.n = words.size() < LONG ? SHORT : MIDDLE;
            this.small = words.size() > LONGEST_BY_JACCARD ? new long[0] : words.grams(n);
            this.large = Stream.of(words, WordGrams.of(item.answer())).flatMapToLong(w -> Arrays.stream(w.grams(LONG)))
                    .sorted().distinct().toArray();
        }

        /** Keeps what is stronger, and of the same strength what overlaps more. */
        void found(Contamination.How by, double much, int line) {
            boolean stronger = how == null || by.compareTo(how) < 0;
            if (stronger) {
                how = by;
                overlap = much;
                lines.clear();
            }
            if (how == by) {
                overlap = Math.max(overlap, much);
                if (lines.size() < NAMED_LINES) {
                    lines.add(line);
                }
            }
        }
    }

    /** Where a run of 13 words stands in the training data. */
    private static final class Shared {
        final Set<Long> texts = new HashSet<>();
        final Set<Integer> lines = new TreeSet<>();

        void at(int line, long text) {
            if (texts.size() <= COMMON) {
                texts.add(text);
            }
            if (lines.size() < NAMED_LINES) {
                lines.add(line);
            }
        }
    }

    public ContaminationScan(EvalSet evalSet) {
        this.evalSet = evalSet;
        this.targets = evalSet.items().stream().map(Target::new).toList();
        for (Target target : targets) {
            if (target.words.size() > 0) {
                byWords.computeIfAbsent(target.words.key(), key -> new ArrayList<>(1)).add(target);
            }
            Arrays.stream(target.small)
                    .forEach(gram -> bySmallGram.computeIfAbsent(gram, key -> new ArrayList<>(1)).add(target));
            Arrays.stream(target.large).forEach(gram -> longGrams.computeIfAbsent(gram, key -> new Shared()));
        }
    }

    @Override
    public void accept(Row row) {
        Stream<String> messages = row.conversation().messages().stream()
                .filter(message -> !(message instanceof Message.System) && !(message instanceof Message.Developer))
                .map(Message::content);
        long question = Shingles.hash(NormalText.question(row));
        Stream.concat(messages, Stream.of(NormalText.question(row))).map(WordGrams::of)
                .filter(words -> words.size() > 0).forEach(words -> text(row.line(), question, words));
    }

    private void text(int line, long question, WordGrams words) {
        byWords.getOrDefault(words.key(), List.of())
                .forEach(target -> target.found(Contamination.How.SAME_WORDS, 1, line));
        for (long gram : words.grams(LONG)) {
            Shared shared = longGrams.get(gram);
            if (shared != null) {
                shared.at(line, question);
            }
        }
        near(line, words, SHORT, Contamination.How.NEAR_5_GRAMS);
        near(line, words, MIDDLE, Contamination.How.NEAR_8_GRAMS);
    }

    private void near(int line, WordGrams words, int n, Contamination.How how) {
        long[] grams = words.grams(n);
        var both = new HashMap<Target, Integer>();
        for (long gram : grams) {
            bySmallGram.getOrDefault(gram, List.of()).forEach(target -> both.merge(target, 1, Integer::sum));
        }
        both.forEach((target, shared) -> {
            double jaccard = (double) shared / (target.small.length + grams.length - shared);
            if (target.n == n && jaccard >= LEAST_JACCARD) {
                target.found(how, jaccard, line);
            }
        });
    }

    /** What was found in the rows so far. */
    public Contamination finish() {
        var found = new ArrayList<Contamination.Item>();
        for (Target target : targets) {
            List<Shared> shared = Arrays.stream(target.large).mapToObj(longGrams::get)
                    .filter(at -> at != null && !at.lines.isEmpty() && at.texts.size() <= COMMON).toList();
            if (target.how == null && !shared.isEmpty()) {
                double share = (double) shared.size() / target.large.length;
                found.add(item(target, Contamination.How.SHARED_13_GRAM, share, shared.stream()
                        .flatMap(at -> at.lines.stream()).sorted().distinct().limit(NAMED_LINES).toList()));
            } else if (target.how != null) {
                found.add(item(target, target.how, target.overlap, List.copyOf(target.lines)));
            }
        }
        return Contamination.of(evalSet, found);
    }

    private static Contamination.Item item(Target target, Contamination.How how, double overlap, List<Integer> lines) {
        return new Contamination.Item(target.item.line(), how, overlap, lines,
                Findings.excerpt(target.item.question()));
    }
}
