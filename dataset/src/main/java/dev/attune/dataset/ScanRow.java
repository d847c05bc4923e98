package dev.attune.dataset;

import dev.attune.text.Message;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * All that a {@link RepetitionScan} keeps of a row: its texts as they are compared, and hashes of them. Making one is most of
 * the work of a scan; thread-safe.
 *
 * @param question normalised, in UTF-8
 * @param answer normalised, in UTF-8
 * @param output the answer as it stands in the row
 * @param input all that the model is given, roles included
 * @param group the value of the group key
 * @param template the question without what changes from one filling of a template to the next
 * @param bands the hashes of the bands of one MinHash signature for each {@link NearView}; none where there is nothing to compare
 */
record ScanRow(int line, byte[] question, byte[] answer, String output, TextDigest instructions, TextDigest input,
        TextDigest questions, TextDigest answers, Optional<TextDigest> group, Optional<TextDigest> template,
        long[][] bands) {

    /** @param templates whether the template is wanted, which is only where rows of several files are compared */
    static ScanRow of(Row row, RowKey group, boolean templates) {
        var given = new TextDigest.Chain();
        var instructed = new TextDigest.Chain();
        var said = new StringBuilder();
        var all = new StringBuilder();
        boolean talks = false;
        for (Message message : row.input()) {
            String text = NormalText.of(message.content());
            TextDigest digest = TextDigest.of(text);
            given.add(message.role()).add(digest);
            if (message instanceof Message.System || message instanceof Message.Developer) {
                instructed.add(digest);
            } else {
                said.append(talks ? "\n" : "").append(text);
                talks = true;
            }
            if (!talks) {
                all.append(all.isEmpty() ? "" : "\n").append(text);
            }
        }
        String question = (talks ? said : all).toString();
        String output = row.output();
        String answer = NormalText.answer(output);
        byte[] questionBytes = question.getBytes(StandardCharsets.UTF_8);
        byte[] answerBytes = answer.getBytes(StandardCharsets.UTF_8);
        return new ScanRow(row.line(), questionBytes, answerBytes, output, instructed.digest(), given.digest(),
                TextDigest.of(questionBytes), TextDigest.of(answerBytes), group.in(row).map(TextDigest::of),
                templates
                        ? Optional.of(MaskedText.of(row)).filter(text -> !text.isEmpty()).map(TextDigest::of)
                        : Optional.empty(),
                bands(question, answer));
    }

    private static long[][] bands(String question, String answer) {
        long[] asked = Shingles.wordHashes(question, Integer.MAX_VALUE);
        long[] answered = Shingles.wordHashes(answer, Integer.MAX_VALUE);
        long[] both = new long[asked.length + answered.length];
        System.arraycopy(asked, 0, both, 0, asked.length);
        System.arraycopy(answered, 0, both, asked.length, answered.length);
        // The runs of words of a question begin those of the whole row.
        long[] runs = Shingles.runs(both);
        long[][] words = MinHash.bands(runs, Shingles.runCount(asked));
        long[][] bands = new long[NearView.values().length][];
        bands[NearView.QUESTION_WORDS.ordinal()] = words[0];
        bands[NearView.WHOLE_WORDS.ordinal()] = words[1];
        bands[NearView.QUESTION_CHARACTERS.ordinal()] = MinHash.bands(Shingles.characters(question, asked.length));
        bands[NearView.WHOLE_CHARACTERS.ordinal()] = both.length < Shingles.ALSO_SHORT_WORDS
                ? MinHash.bands(Shingles.characters(NormalText.whole(question, answer), both.length))
                : Shingles.NONE;
        return bands;
    }

    /** The whole row; equal where it repeats another exactly. */
    TextDigest row() {
        return TextDigest.of(input, answers);
    }

    /** Question and answer without the instructions. */
    TextDigest whole() {
        return TextDigest.of(questions, answers);
    }
}
