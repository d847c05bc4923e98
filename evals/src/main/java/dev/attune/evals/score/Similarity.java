package dev.attune.evals.score;

import dev.attune.evals.EditDistance;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How alike two texts are, each measure in [0, 1], 1 for the same text. Words are runs of letters and digits in lower case.
 * Two empty texts are alike. Thread-safe.
 */
final class Similarity {
    /** Letters of a text beyond this are not compared by measures whose time grows with the product of lengths. */
    static final int MOST_LETTERS = 20_000;
    private static final int MOST_WORDS = 5_000;

    private Similarity() {}

    /** 1 − edits / length of the longer, over code points (Levenshtein 1966). */
    static double levenshtein(String expected, String actual) {
        int[] a = letters(Texts.strip(expected));
        int[] b = letters(Texts.strip(actual));
        int longer = Math.max(a.length, b.length);
        return longer == 0 ? 1 : 1 - (double) EditDistance.of(a, b) / longer;
    }

    private static int[] letters(String text) {
        return text.codePoints().limit(MOST_LETTERS).toArray();
    }

    /** F1 of the words both have, English articles left out, as SQuAD measures answers (Rajpurkar et al. 2016). */
    static double tokenF1(String expected, String actual) {
        Set<String> articles = Set.of("a", "an", "the");
        List<String> want = Texts.words(expected).stream().filter(word -> !articles.contains(word)).toList();
        List<String> got = Texts.words(actual).stream().filter(word -> !articles.contains(word)).toList();
        return f1(want, got);
    }

    private static <T> double f1(List<T> want, List<T> got) {
        if (want.isEmpty() || got.isEmpty()) {
            return want.isEmpty() && got.isEmpty() ? 1 : 0;
        }
        return 2.0 * Overlap.of(want, got) / (want.size() + got.size());
    }

    /** F1 of runs of n words (Lin 2004); texts shorter than n words are compared as they are. */
    static double rouge(String expected, String actual, int n) {
        List<String> want = Texts.words(expected);
        List<String> got = Texts.words(actual);
        if (want.size() < n || got.size() < n) {
            return want.equals(got) ? 1 : 0;
        }
        return f1(runs(want, n), runs(got, n));
    }

    /** F1 of the longest common subsequence of words (Lin 2004). */
    static double rougeL(String expected, String actual) {
        List<String> want = Texts.words(expected);
        List<String> got = Texts.words(actual);
        if (want.isEmpty() || got.isEmpty()) {
            return want.isEmpty() && got.isEmpty() ? 1 : 0;
        }
        List<String> a = want.subList(0, Math.min(MOST_WORDS, want.size()));
        List<String> b = got.subList(0, Math.min(MOST_WORDS, got.size()));
        return 2.0 * commonSubsequence(a, b) / (a.size() + b.size());
    }

    /** The length of the longest common subsequence, 64 words at a time where the first list is short (Hyyrö 2004). */
    private static int commonSubsequence(List<String> a, List<String> b) {
        if (a.size() > Long.SIZE) {
            return longCommonSubsequence(a, b);
        }
        Map<String, Long> places = new HashMap<>();
        for (int i = 0; i < a.size(); i++) {
            places.merge(a.get(i), 1L << i, (x, y) -> x | y);
        }
        long open = -1L;
        for (String word : b) {
            long here = open & places.getOrDefault(word, 0L);
            open = open + here | open - here;
        }
        return Long.bitCount(~open & (a.size() == Long.SIZE ? -1L : (1L << a.size()) - 1));
    }

    private static int longCommonSubsequence(List<String> a, List<String> b) {
        Map<String, Integer> ids = new HashMap<>();
        a.forEach(word -> ids.putIfAbsent(word, ids.size()));
        int[] want = a.stream().mapToInt(word -> ids.getOrDefault(word, -1)).toArray();
        int[] got = b.stream().mapToInt(word -> ids.getOrDefault(word, -1)).toArray();
        int[] row = new int[got.length + 1];
        for (int word : want) {
            int diagonal = 0;
            for (int j = 1; j <= got.length; j++) {
                int above = row[j];
                row[j] = word == got[j - 1] ? diagonal + 1 : Math.max(above, row[j - 1]);
                diagonal = above;
            }
        }
        return row[got.length];
    }

    /**
     * BLEU of one sentence, up to four words, with the smoothing of Chen and Cherry (2014) that halves the precision for
     * each length without a match; short answers pay the brevity penalty (Papineni et al. 2002).
     */
    static double bleu(String expected, String actual) {
        List<String> want = Texts.words(expected);
        List<String> got = Texts.words(actual);
        if (want.isEmpty() || got.isEmpty()) {
            return want.isEmpty() && got.isEmpty() ? 1 : 0;
        }
        int orders = Math.min(4, Math.min(want.size(), got.size()));
        double logs = 0;
        double halving = 1;
        for (int n = 1; n <= orders; n++) {
            double matched = clipped(want, got, n);
            int all = got.size() - n + 1;
            if (matched == 0) {
                if (n == 1) {
                    return 0;
                }
                halving *= 2;
                matched = 1 / halving;
            }
            logs += Math.log(matched / all) / orders;
        }
        double brevity = got.size() >= want.size() ? 0 : 1 - (double) want.size() / got.size();
        return Math.min(1, Math.exp(brevity + logs));
    }

    /** The runs of n words of the answer that the reference has, each as often as it has it. */
    static double clipped(List<String> want, List<String> got, int n) {
        return Overlap.of(runs(want, n), runs(got, n));
    }

    /** The lesser of precision and recall over all runs of one to four words (Wu et al. 2016). */
    static double gleu(String expected, String actual) {
        List<String> want = Texts.words(expected);
        List<String> got = Texts.words(actual);
        if (want.isEmpty() || got.isEmpty()) {
            return want.isEmpty() && got.isEmpty() ? 1 : 0;
        }
        double matched = 0;
        double wanted = 0;
        double given = 0;
        for (int n = 1; n <= 4; n++) {
            matched += clipped(want, got, n);
            wanted += Math.max(0, want.size() - n + 1);
            given += Math.max(0, got.size() - n + 1);
        }
        return matched / Math.max(wanted, given);
    }

    /**
     * METEOR with exact words only: the F mean that weighs recall nine times, less a penalty for how scattered the matches
     * stand (Banerjee and Lavie 2005). Without stems and synonyms it is lower than the full measure.
     */
    static double meteor(String expected, String actual) {
        List<String> want = Texts.words(expected);
        List<String> got = Texts.words(actual);
        if (want.isEmpty() || got.isEmpty()) {
            return want.isEmpty() && got.isEmpty() ? 1 : 0;
        }
        int[] partner = partners(want, got);
        int matches = 0;
        int chunks = 0;
        for (int i = 0; i < partner.length; i++) {
            if (partner[i] >= 0) {
                matches++;
                chunks += i == 0 || partner[i - 1] < 0 || partner[i - 1] + 1 != partner[i] ? 1 : 0;
            }
        }
        if (matches == 0) {
            return 0;
        }
        if (chunks == 1 && matches == want.size() && matches == got.size()) {
            return 1;
        }
        double precision = (double) matches / got.size();
        double recall = (double) matches / want.size();
        double mean = 10 * precision * recall / (recall + 9 * precision);
        return mean * (1 - 0.5 * Math.pow((double) chunks / matches, 3));
    }

    /** Each word of the answer with its place in the reference, next to the last one where it can be; −1 for none. */
    private static int[] partners(List<String> want, List<String> got) {
        var taken = new HashSet<Integer>();
        var places = new HashMap<String, List<Integer>>();
        for (int j = 0; j < want.size(); j++) {
            places.computeIfAbsent(want.get(j), word -> new ArrayList<>()).add(j);
        }
        int[] partner = new int[got.size()];
        for (int i = 0; i < partner.length; i++) {
            int next = i > 0 ? partner[i - 1] + 1 : 0;
            List<Integer> free = places.getOrDefault(got.get(i), List.of()).stream().filter(j -> !taken.contains(j))
                    .toList();
            partner[i] = free.isEmpty() ? -1 : free.contains(next) ? next : free.getFirst();
            taken.add(partner[i]);
        }
        return partner;
    }

    /** The cosine of the angle between both texts' word counts. */
    static double cosine(String expected, String actual) {
        Map<String, Integer> a = counts(Texts.words(expected));
        Map<String, Integer> b = counts(Texts.words(actual));
        if (a.isEmpty() || b.isEmpty()) {
            return a.isEmpty() && b.isEmpty() ? 1 : 0;
        }
        double product = 0;
        for (var word : a.entrySet()) {
            product += (double) word.getValue() * b.getOrDefault(word.getKey(), 0);
        }
        return Math.min(1, product / Math.sqrt(square(a) * square(b)));
    }

    private static double square(Map<String, Integer> counts) {
        return counts.values().stream().mapToDouble(count -> (double) count * count).sum();
    }

    /** 1 for the same text, 0.8 where one contains the other, else the share of the longer one's words that both have. */
    static double partial(String expected, String actual) {
        String want = Texts.fold(Texts.strip(expected));
        String got = Texts.fold(Texts.strip(actual));
        if (want.equals(got)) {
            return 1;
        }
        if (!want.isEmpty() && !got.isEmpty() && (got.contains(want) || want.contains(got))) {
            return 0.8;
        }
        Set<String> a = new HashSet<>(Texts.words(want));
        Set<String> b = new HashSet<>(Texts.words(got));
        int longer = Math.max(a.size(), b.size());
        a.retainAll(b);
        return longer == 0 ? 0 : (double) a.size() / longer;
    }

    private static List<String> runs(List<String> words, int n) {
        var runs = new ArrayList<String>();
        for (int i = 0; i + n <= words.size(); i++) {
            runs.add(String.join(" ", words.subList(i, i + n)));
        }
        return runs;
    }

    private static <T> Map<T, Integer> counts(List<T> items) {
        return items.stream().collect(Collectors.toMap(item -> item, item -> 1, Integer::sum));
    }
}
