package dev.attune.dataset.quality;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How varied long answers are: the share of different pairs of words (distinct-2, Li et al. 2016) among the first 5,000
 * pairs of a sample. The share falls with the number of pairs, so it is always taken over the same number. Ordinary prose
 * has 0.7 and more, forms that are filled in 0.2; below 0.1 the answers are nearly all alike. The sample is a reservoir of
 * 1,000 answers, drawn with a fixed seed, so the same file gives the same number.
 */
final class Diversity implements QualityCheck {
    private static final CheckKind KIND = CheckKind.advice("low_diversity", "answers that hardly differ",
            "add answers in other words, or train on fewer rows",
            "Of all pairs of neighbouring words in the answers fewer than one in ten is new, where ordinary prose has seven in ten. The model soon knows them by heart and learns nothing more. Labels and JSON are not counted.");

    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{M}\\p{N}']+");
    private static final int SAMPLE = 1_000;
    private static final int SEEN = 2_000;
    private static final int PAIRS = 5_000;
    private static final int FEWEST_PAIRS = 1_000;
    private static final int FEWEST_WORDS = 8;
    private static final double LOW = 0.1;

    private final Random random = new Random(17);
    private final List<String> sample = new ArrayList<>();
    private int longAnswers;

    @Override
    public List<CheckKind> kinds() {
        return List.of(KIND);
    }

    @Override
    public Note look(RowTexts row) {
        String answer = row.answer().strip();
        return answer.length() < 2 * FEWEST_WORDS || answer.startsWith("{") || answer.startsWith("[")
                ? Note.NONE
                : out -> note(answer);
    }

    private void note(String answer) {
        longAnswers++;
        int place = sample.size() < SAMPLE ? sample.size() : random.nextInt(longAnswers);
        if (place >= SAMPLE) {
            return;
        }
        String seen = answer.substring(0, Math.min(answer.length(), SEEN));
        if (place == sample.size()) {
            sample.add(seen);
        } else {
            sample.set(place, seen);
        }
    }

    @Override
    public void end(Reporter out) {
        Collections.shuffle(sample, random);
        var different = new HashSet<String>();
        int pairs = 0;
        for (String answer : sample) {
            List<String> words = words(answer);
            for (int i = 1; i < words.size() && words.size() >= FEWEST_WORDS && pairs < PAIRS; i++) {
                pairs++;
                different.add(words.get(i - 1) + " " + words.get(i));
            }
        }
        if (pairs >= FEWEST_PAIRS && different.size() < LOW * pairs) {
            out.whole(KIND, "of %,d pairs of words in the answers only %,d are different".formatted(pairs,
                    different.size()));
        }
    }

    private static List<String> words(String text) {
        var words = new ArrayList<String>();
        Matcher matcher = WORD.matcher(text.toLowerCase(Locale.ROOT));
        while (matcher.find()) {
            words.add(matcher.group());
        }
        return words;
    }
}
