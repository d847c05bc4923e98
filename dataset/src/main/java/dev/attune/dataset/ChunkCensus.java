package dev.attune.dataset;

import dev.attune.text.OpenAiTokenizer;
import dev.attune.text.TokenTally;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Counts the rows of one piece of a file after another. Not thread-safe; one for each thread. */
final class ChunkCensus implements PlainRow.Listener, DatasetReader.Listener {
    private final Optional<TokenTally> tally;
    private final TokenCounter counter;
    private final String name;
    private final RowRules rules;
    private final PlainRow plain = new PlainRow();
    private final Map<PlainRow.Speaker, Integer> roles = new EnumMap<>(PlainRow.Speaker.class);
    private Result result = new Result();
    private int messages;
    private int total;
    private int trained;

    /** What one piece holds; lines are counted from its beginning. */
    static final class Result {
        int lines;
        int examples;
        int rows;
        int blank;
        int firstBlank;
        long messages;
        int[] totals = new int[256];
        int[] trained = new int[256];
        boolean stopped;
        final List<Problem> problems = new ArrayList<>();

        private void row(int messageCount, int total, int trainedTokens) {
            if (rows == totals.length) {
                totals = Arrays.copyOf(totals, rows * 2);
                trained = Arrays.copyOf(trained, rows * 2);
            }
            totals[rows] = total;
            trained[rows] = trainedTokens;
            rows++;
            messages += messageCount;
        }
    }

    /** @param tokenizer none where only rows and messages are to be counted */
    ChunkCensus(Optional<OpenAiTokenizer> tokenizer, String model, RowRules rules, String name) {
        this.name = name;
        this.rules = rules;
        this.tally = tokenizer.map(OpenAiTokenizer::tally);
        this.counter = tokenizer.map(one -> TokenCounter.openAi(one, model))
                .orElse(conversation -> new TokenCount(0, 0));
        for (var speaker : PlainRow.Speaker.values()) {
            tally.ifPresent(one -> roles.put(speaker, one.count(speaker.name().toLowerCase(Locale.ROOT))));
        }
    }

    Result count(LineChunks.Chunk chunk) {
        result = new Result();
        int before = chunk.first() ? 0 : 1;
        var thorough = new StrictLines(name, this::problem, DatasetReader.rules(rules, this), before);
        byte[] bytes = chunk.bytes();
        int end = chunk.length();
        int from = chunk.first() && end >= 3 && bytes[0] == (byte) 0xEF && bytes[1] == (byte) 0xBB
                && bytes[2] == (byte) 0xBF ? 3 : 0;
        while ((from < end || result.lines == 0) && !result.stopped) {
            int to = from;
            while (to < end && bytes[to] != '\n') {
                to++;
            }
            result.lines++;
            line(thorough, bytes, from, to > from && bytes[to - 1] == '\r' ? to - 1 : to);
            from = to + 1;
        }
        result.blank = thorough.blankLines();
        result.firstBlank = thorough.firstBlankLine();
        result.examples = thorough.examples() - before;
        return result;
    }

    private void line(StrictLines thorough, byte[] bytes, int from, int to) {
        messages = 0;
        total = tally.isPresent() ? OpenAiTokenCounter.PER_EXAMPLE : 0;
        trained = 0;
        if (plain.read(bytes, from, to, this)) {
            result.row(messages, total, trained);
            thorough.seen();
        } else if (to - from > LineReader.MAXIMUM_LINE_BYTES) {
            thorough.tooLong(result.lines);
        } else {
            result.stopped = !thorough.line(result.lines, Arrays.copyOfRange(bytes, from, to));
        }
    }

    @Override
    public void message(PlainRow.Speaker speaker, byte[] utf8, int from, int to, boolean isTrained) {
        messages++;
        if (tally.isEmpty()) {
            return;
        }
        int content = tally.get().count(utf8, from, to);
        total += OpenAiTokenCounter.PER_MESSAGE + roles.getOrDefault(speaker, 1) + content;
        trained += isTrained ? content : 0;
    }

    @Override
    public void row(Row row) {
        var count = counter.count(row.conversation());
        result.row(row.conversation().messages().size(), count.total(), count.trained());
    }

    @Override
    public void problem(Problem problem) {
        result.problems.add(problem);
    }
}
