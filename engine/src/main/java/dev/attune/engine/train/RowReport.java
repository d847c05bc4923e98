package dev.attune.engine.train;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which rows of a job's training file may hurt, by their losses after each epoch. Immutable.
 *
 * <p>A wrong answer is suspected where a row stays hard although rows that ask much the same are easy: its loss, as a mean
 * over the epochs, is among the highest tenth and at least {@value #RATIO} times the median of its nearest rows', which
 * are at most {@value #NEIGHBOURS} with at least {@value #SIMILAR} of their words in common (Jaccard). A mean over the
 * epochs is taken because at last a model knows wrong answers by heart as well (Swayamdipta et al. 2020).
 *
 * @param epochs epochs that were measured
 * @param rows rows that were measured
 * @param highest the highest loss after the last epoch first
 * @param rising rows whose loss was higher after the last epoch than at its lowest, the largest rise first
 * @param suspects likely wrong answers, the one that stands out most first
 */
public record RowReport(int epochs, int rows, List<Entry> highest, List<Entry> rising, List<Suspect> suspects) {
    private static final int NEIGHBOURS = 5;
    private static final int FEWEST_NEIGHBOURS = 3;
    private static final double SIMILAR = 0.3;
    private static final double RATIO = 2;
    /** A rise that is worth telling, in nats and as a share of the lowest loss. */
    private static final double RISE = 0.05;
    private static final int SCANNED = 100;

    public RowReport {
        highest = List.copyOf(highest);
        rising = List.copyOf(rising);
        suspects = List.copyOf(suspects);
    }

    /**
     * A row.
     *
     * @param line line of the training file, the first is 1
     * @param losses nats per trained token after each epoch (of a preference pair, its loss)
     * @param tokens trained tokens
     * @param asked the beginning of what is asked last
     * @param answer the beginning of the answer that is trained
     */
    public record Entry(int line, List<Double> losses, int tokens, String asked, String answer) {
        public Entry {
            losses = List.copyOf(losses);
        }

        /** After the last epoch. */
        public double last() {
            return losses.getLast();
        }

        double lowest() {
            return losses.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
        }

        double mean() {
            return losses.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
        }

        boolean rises() {
            return last() - lowest() > Math.max(RISE, RISE * lowest());
        }
    }

    /**
     * A row whose answer may be wrong.
     *
     * @param neighbours lines of rows that ask much the same, the most similar first
     * @param neighboursLoss median of their losses, each a mean over the epochs
     */
    public record Suspect(Entry row, List<Integer> neighbours, double neighboursLoss) {
        public Suspect {
            neighbours = List.copyOf(neighbours);
        }

        double ratio() {
            return row.mean() / Math.max(neighboursLoss, 1e-3);
        }
    }

    /**
     * Looks at a job as it is now.
     *
     * @param most rows in each list
     * @throws EngineException where the job's files cannot be read
     */
    public static RowReport of(JobDirectory job, int most) {
        var byLine = new TreeMap<Integer, List<RowLoss>>();
        job.rowLosses().forEach(loss -> byLine.computeIfAbsent(loss.line(), line -> new ArrayList<>()).add(loss));
        Map<Integer, RowText> texts = RowText.read(job);
        var entries = new ArrayList<Entry>();
        byLine.forEach((line, losses) -> {
            RowText text = texts.getOrDefault(line, RowText.NONE);
            entries.add(new Entry(line, losses.stream().map(RowLoss::loss).toList(), losses.getFirst().tokens(),
                    text.askedExcerpt(), text.answerExcerpt()));
        });
        int epochs = entries.stream().mapToInt(entry -> entry.losses().size()).max().orElse(0);
        return new RowReport(epochs, entries.size(), first(entries, Comparator.comparingDouble(Entry::last), most),
                first(entries.stream().filter(Entry::rises).toList(),
                        Comparator.comparingDouble(entry -> entry.last() - entry.lowest()), most),
                suspects(entries, texts).stream().limit(most).toList());
    }

    private static List<Entry> first(List<Entry> entries, Comparator<Entry> order, int most) {
        return entries.stream().sorted(order.reversed()).limit(most).toList();
    }

    private static List<Suspect> suspects(List<Entry> entries, Map<Integer, RowText> texts) {
        List<Entry> hardest = first(entries, Comparator.comparingDouble(Entry::mean),
                Math.min(SCANNED, (entries.size() + 9) / 10));
        var words = new HashMap<Integer, Set<String>>();
        entries.forEach(entry -> words.put(entry.line(), texts.getOrDefault(entry.line(), RowText.NONE).words()));
        return hardest.stream().flatMap(entry -> suspect(entry, entries, words).stream())
                .sorted(Comparator.comparingDouble(Suspect::ratio).reversed()).toList();
    }

    private static List<Suspect> suspect(Entry entry, List<Entry> entries,
            Map<Integer, Set<String>> words) {
        record Near(Entry entry, double similarity) {}
        Set<String> own = words.getOrDefault(entry.line(), Set.of());
        List<Near> near = entries.stream().filter(other -> other.line() != entry.line())
                .map(other -> new Near(other,
                        RowText.similarity(own, words.getOrDefault(other.line(), Set.of()))))
                .filter(other -> other.similarity >= SIMILAR)
                .sorted(Comparator.comparingDouble(Near::similarity).reversed()).limit(NEIGHBOURS).toList();
        if (near.size() < FEWEST_NEIGHBOURS) {
            return List.of();
        }
        double[] losses = near.stream().mapToDouble(other -> other.entry.mean()).sorted().toArray();
        var suspect = new Suspect(entry, near.stream().map(other -> other.entry.line()).toList(),
                losses[losses.length / 2]);
        return suspect.ratio() >= RATIO ? List.of(suspect) : List.of();
    }
}
