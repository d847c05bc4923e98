package dev.attune.server.graders;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleBiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The measures of the protocol's text_similarity grader, each in [0, 1], 1 for the same text. Words are runs of letters
 * and digits in lower case. Thread-safe.
 *
 * <p>
 * {@code fuzzy_match}: 2·LCS / (|a| + |b|) over code points, the ratio of RapidFuzz. {@code bleu}: up to four words, with
 * add-one smoothing from two words on (Lin and Och 2004) and the brevity penalty (Papineni et al. 2002). {@code gleu}: the
 * lesser of precision and recall over runs of one to four words (Wu et al. 2016). {@code meteor}: exact words only
 * (Banerjee and Lavie 2005). {@code rouge_n}, {@code rouge_l}: F1 (Lin 2004). {@code cosine}: of word counts, because no
 * model here makes embeddings.
 */
final class GraderSimilarity {
    static final Map<String, ToDoubleBiFunction<String, String>> METRICS = metrics();
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}\\p{M}]+");
    private static final int LONGEST_RUN = 4;
    /** Letters and words beyond this are not looked at by measures whose time grows with the product of lengths. */
    private static final int MOST_LETTERS = 20_000;
    private static final int MOST_WORDS = 5_000;

    private GraderSimilarity() {}

    private static Map<String, ToDoubleBiFunction<String, String>> metrics() {
        var metrics = new TreeMap<String, ToDoubleBiFunction<String, String>>();
        metrics.put("fuzzy_match", GraderSimilarity::fuzzy);
        metrics.put("bleu", onWords(GraderSimilarity::bleu));
        metrics.put("gleu", onWords(GraderSimilarity::gleu));
        metrics.put("meteor", onWords(GraderSimilarity::meteor));
        metrics.put("cosine", onWords(GraderSimilarity::cosine));
        metrics.put("rouge_l", onWords(GraderSimilarity::rougeL));
        for (int n = 1; n <= 5; n++) {
            int length = n;
            metrics.put("rouge_" + n, onWords((reference, input) -> rouge(reference, input, length)));
        }
        return metrics;
    }

    /** @param metric one of {@link #METRICS} */
    static double of(String metric, String reference, String input) {
        return Math.clamp(METRICS.getOrDefault(metric, GraderSimilarity::fuzzy).applyAsDouble(reference, input), 0, 1);
    }

    private interface WordMeasure {
        double of(List<String> reference, List<String> input);
    }

    private static ToDoubleBiFunction<String, String> onWords(WordMeasure measure) {
        return (reference, input) -> {
            List<String> want = words(reference);
            List<String> got = words(input);
            return want.isEmpty() || got.isEmpty()
                    ? want.isEmpty() && got.isEmpty() ? 1 : 0
                    : measure.of(want, got);
        };
    }

    private static List<String> words(String text) {
        var words = new ArrayList<String>();
        Matcher matcher = WORD.matcher(text.toLowerCase(Locale.ROOT));
        while (matcher.find()) {
            words.add(matcher.group());
        }
        return words;
    }

    private static double fuzzy(String reference, String input) {
        Integer[] a = reference.codePoints().limit(MOST_LETTERS).boxed().toArray(Integer[]::new);
        Integer[] b = input.codePoints().limit(MOST_LETTERS).boxed().toArray(Integer[]::new);
        return a.length + b.length == 0 ? 1 : 2.0 * common(Arrays.asList(a), Arrays.asList(b)) / (a.length + b.length);
    }

    /** Length of the longest common subsequence. */
    private static <T> int common(List<T> a, List<T> b) {
        int[] row = new int[b.size() + 1];
        for (T item : a) {
            int diagonal = 0;
            for (int j = 1; j <= b.size(); j++) {
                int above = row[j];
                row[j] = item.equals(b.get(j - 1)) ? diagonal + 1 : Math.max(above, row[j - 1]);
                diagonal = above;
            }
        }
        return row[b.size()];
    }

    private static double rougeL(List<String> reference, List<String> input) {
        List<String> a = reference.subList(0, Math.min(MOST_WORDS, reference.size()));
        List<String> b = input.subList(0, Math.min(MOST_WORDS, input.size()));
        return 2.0 * common(a, b) / (a.size() + b.size());
    }

    private static double rouge(List<String> reference, List<String> input, int n) {
        if (reference.size() < n || input.size() < n) {
            return reference.equals(input) ? 1 : 0;
        }
        return 2.0 * both(reference, input, n) / (reference.size() + input.size() - 2.0 * (n - 1));
    }

    private static double bleu(List<String> reference, List<String> input) {
        double logs = 0;
        for (int n = 1; n <= LONGEST_RUN; n++) {
            int smoothing = n == 1 ? 0 : 1;
            double matched = both(reference, input, n) + smoothing;
            double all = Math.max(0, input.size() - n + 1) + smoothing;
            if (matched == 0) {
                return 0;
            }
            logs += Math.log(matched / all) / LONGEST_RUN;
        }
        double brevity = input.size() >= reference.size() ? 0 : 1 - (double) reference.size() / input.size();
        return Math.exp(brevity + logs);
    }

    private static double gleu(List<String> reference, List<String> input) {
        double matched = 0;
        double wanted = 0;
        double given = 0;
        for (int n = 1; n <= LONGEST_RUN; n++) {
            matched += both(reference, input, n);
            wanted += Math.max(0, reference.size() - n + 1);
            given += Math.max(0, input.size() - n + 1);
        }
        return matched / Math.max(wanted, given);
    }

    private static double meteor(List<String> reference, List<String> input) {
        boolean[] taken = new boolean[reference.size()];
        int matches = 0;
        int chunks = 0;
        int before = -2;
        for (String word : input) {
            int at = partner(reference, taken, word, before + 1);
            if (at >= 0) {
                taken[at] = true;
                matches++;
                chunks += at == before + 1 ? 0 : 1;
            }
            before = at < 0 ? -2 : at;
        }
        if (matches == 0) {
            return 0;
        }
        double precision = (double) matches / input.size();
        double recall = (double) matches / reference.size();
        double mean = 10 * precision * recall / (recall + 9 * precision);
        double scatter = chunks == 1 && matches == reference.size() ? 0 : Math.pow((double) chunks / matches, 3);
        return mean * (1 - 0.5 * scatter);
    }

    /** A free place of the word in the reference: the next one where it stands there, else the first. */
    private static int partner(List<String> reference, boolean[] taken, String word, int next) {
        if (next >= 0 && next < taken.length && !taken[next] && reference.get(next).equals(word)) {
            return next;
        }
        for (int i = 0; i < taken.length; i++) {
            if (!taken[i] && reference.get(i).equals(word)) {
                return i;
            }
        }
        return -1;
    }

    private static double cosine(List<String> reference, List<String> input) {
        Map<String, Integer> a = counts(reference);
        Map<String, Integer> b = counts(input);
        double product = 0;
        for (var word : a.entrySet()) {
            product += (double) word.getValue() * b.getOrDefault(word.getKey(), 0);
        }
        return product / Math.sqrt(square(a) * square(b));
    }

    private static double square(Map<String, Integer> counts) {
        return counts.values().stream().mapToDouble(count -> (double) count * count).sum();
    }

    /** How many runs of n words both have. */
    private static int both(List<String> reference, List<String> input, int n) {
        Map<String, Integer> a = counts(runs(reference, n));
        int both = 0;
        for (var run : counts(runs(input, n)).entrySet()) {
            both += Math.min(run.getValue(), a.getOrDefault(run.getKey(), 0));
        }
        return both;
    }

    private static List<String> runs(List<String> words, int n) {
        var runs = new ArrayList<String>();
        for (int i = 0; i + n <= words.size(); i++) {
            runs.add(String.join(" ", words.subList(i, i + n)));
        }
        return runs;
    }

    private static Map<String, Integer> counts(List<String> items) {
        return items.stream().collect(Collectors.toMap(item -> item, item -> 1, Integer::sum));
    }
}
