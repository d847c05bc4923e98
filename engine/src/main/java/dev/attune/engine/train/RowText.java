package dev.attune.engine.train;

import dev.attune.dataset.DatasetReader;
import dev.attune.dataset.FilePart;
import dev.attune.dataset.PreferenceReader;
import dev.attune.dataset.PreferenceRow;
import dev.attune.dataset.Problem;
import dev.attune.dataset.Row;
import dev.attune.engine.data.TrainingMethod;
import dev.attune.text.Message;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a training row asks and answers, as far as people need to see it.
 *
 * @param asked what is asked last
 * @param answer the answer that is trained, of a pair the preferred one
 */
record RowText(String asked, String answer) {
    static final RowText NONE = new RowText("", "");
    private static final int KEPT = 1000;
    private static final int EXCERPT = 120;

    RowText {
        asked = asked.length() > KEPT ? asked.substring(0, KEPT) : asked;
        answer = answer.length() > KEPT ? answer.substring(0, KEPT) : answer;
    }

    /** The texts of a job's training file by their lines. */
    static Map<Integer, RowText> read(JobDirectory job) {
        Path file = job.trainingFile();
        var texts = new Texts();
        switch (job.spec().method()) {
            case TrainingMethod.Supervised supervised -> DatasetReader.read(file, FilePart.TRAINING, texts);
            case TrainingMethod.Dpo dpo -> PreferenceReader.read(file, FilePart.TRAINING, texts);
        }
        return texts.byLine;
    }

    private static final class Texts implements DatasetReader.Listener, PreferenceReader.Listener {
        private final Map<Integer, RowText> byLine = new HashMap<>();

        @Override
        public void row(Row row) {
            byLine.put(row.line(), new RowText(last(row.input()), row.output()));
        }

        @Override
        public void row(PreferenceRow row) {
            String answer = row.preferred().content() + row.preferred().toolCalls().stream()
                    .map(call -> call.name() + "(" + call.arguments() + ")").collect(Collectors.joining("\n"));
            byLine.put(row.line(), new RowText(last(row.input().messages()), answer));
        }

        @Override
        public void problem(Problem problem) {
            // What is wrong with the file was said before the job began.
        }

        private static String last(List<Message> messages) {
            return messages.isEmpty() ? "" : messages.getLast().content();
        }
    }

    String askedExcerpt() {
        return excerpt(asked);
    }

    String answerExcerpt() {
        return excerpt(answer);
    }

    private static String excerpt(String text) {
        String line = text.strip().replaceAll("[\\s\\p{Cntrl}]+", " ");
        return line.length() > EXCERPT ? line.substring(0, EXCERPT - 1) + "…" : line;
    }

    /** The words of what is asked, in small letters. */
    Set<String> words() {
        return Arrays.stream(asked.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}]+")).filter(word -> !word.isEmpty())
                .collect(Collectors.toCollection(HashSet::new));
    }

    /** Share of all words of two texts that both have (Jaccard), 0 to 1. */
    static double similarity(Set<String> one, Set<String> other) {
        Set<String> small = one.size() < other.size() ? one : other;
        Set<String> large = small == one ? other : one;
        long common = small.stream().filter(large::contains).count();
        long all = one.size() + other.size() - common;
        return all == 0 ? 0 : (double) common / all;
    }
}
