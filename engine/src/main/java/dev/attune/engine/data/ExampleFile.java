package dev.attune.engine.data;

import dev.attune.dataset.DatasetReader;
import dev.attune.dataset.ExampleLength;
import dev.attune.dataset.FilePart;
import dev.attune.dataset.PreferenceReader;
import dev.attune.dataset.PreferenceRow;
import dev.attune.dataset.Problem;
import dev.attune.dataset.Row;
import dev.attune.dataset.TokenCount;
import dev.attune.text.ChatEncoder;
import dev.attune.text.Conversation;
import dev.attune.text.MaskedTokens;
import dev.attune.text.Message;
import dev.attune.text.TextException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Reads a job's file and turns it into a {@link TokenFile}, an example at a time; everything that is wrong with it is told
 * at once.
 */
public final class ExampleFile implements DatasetReader.Listener, PreferenceReader.Listener {
    private static final int PROBLEMS_TOLD = 20;

    private final ChatEncoder encoder;
    private final LengthLimit limit;
    private final List<String> problems = new ArrayList<>();
    private final TokenFile.Writer writer;
    private final EncodedExamples.Count count = new EncodedExamples.Count();
    private long problemCount;
    private boolean rows;
    private boolean examples;

    private ExampleFile(ChatEncoder encoder, LengthLimit limit, TokenFile.Writer writer) {
        this.encoder = encoder;
        this.limit = limit;
        this.writer = writer;
    }

    /**
     * Reads and encodes a file of what the method learns from.
     *
     * @param kind how messages name the file: training, validation or replay
     * @param limit what becomes of examples that are too long
     * @param tokens the file to keep the examples in, which the result reads them from
     * @throws JobFailedException that tells all the problems, where there are any
     */
    public static EncodedExamples read(Path file, FilePart part, String kind, TrainingMethod method,
            ChatEncoder encoder,
            LengthLimit limit, Path tokens) throws IOException {
        try (var writer = new TokenFile.Writer(tokens)) {
            var reading = new ExampleFile(encoder, limit, writer);
            switch (method) {
                case TrainingMethod.Supervised supervised -> DatasetReader.read(file, part, reading);
                case TrainingMethod.Dpo dpo -> PreferenceReader.read(file, part, reading);
            }
            reading.requireSound(kind);
            writer.publish();
            return reading.count.of(TokenFile.open(tokens), limit.told(kind));
        }
    }

    private void requireSound(String kind) {
        if (problems.isEmpty() && !examples) {
            addProblem("it has no examples" + (rows ? " that are short enough" : ""));
        }
        if (!problems.isEmpty()) {
            throw failure(kind);
        }
    }

    private void addProblem(String problem) {
        problemCount++;
        if (problems.size() < PROBLEMS_TOLD) {
            problems.add(problem);
        }
    }

    private void add(TrainingExample example) {
        examples = true;
        count.add(example);
        try {
            writer.add(example);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void problem(Problem problem) {
        if (problem.isError()) {
            addProblem(problem.toString());
        }
    }

    @Override
    public void row(Row row) {
        rows = true;
        attempt(row.line(), () -> {
            MaskedTokens tokens = encoder.example(row.conversation());
            if (fits(row.line(), tokens)) {
                limit.fit(tokens).forEach(piece -> add(new TrainingExample.Single(row.line(), piece)));
            }
        });
    }

    @Override
    public void row(PreferenceRow row) {
        rows = true;
        attempt(row.line(), () -> {
            MaskedTokens preferred = answer(row.preferredConversation());
            MaskedTokens other = answer(row.nonPreferredConversation());
            if (fits(row.line(), preferred) & fits(row.line(), other)) {
                limit.fit(preferred, other).ifPresent(
                        pair -> add(new TrainingExample.Pair(row.line(), pair.getFirst(), pair.getLast())));
            }
        });
    }

    private void attempt(int line, Runnable encoding) {
        try {
            encoding.run();
        } catch (TextException e) {
            addProblem("line " + line + ": " + e.getMessage());
        }
    }

    private boolean fits(int line, MaskedTokens tokens) {
        if (limit.refuses(tokens)) {
            var count = new TokenCount(tokens.length(), tokens.trainedCount());
            ExampleLength.problem(line, count, limit.most()).ifPresent(this::problem);
            return false;
        }
        return true;
    }

    /** The tokens of a conversation of which the last answer alone is trained. */
    private MaskedTokens answer(Conversation conversation) {
        List<Message> messages = conversation.messages();
        var weighted = new ArrayList<Message>();
        for (int i = 0; i < messages.size(); i++) {
            boolean earlier = i < messages.size() - 1;
            weighted.add(messages.get(i) instanceof Message.Assistant answer && earlier
                    ? new Message.Assistant(answer.content(), answer.toolCalls(), 0)
                    : messages.get(i));
        }
        return encoder.example(new Conversation(weighted, conversation.tools()));
    }

    private JobFailedException failure(String kind) {
        String told = problems.stream().map(ExampleFile::withoutFullStop).collect(Collectors.joining("; "));
        String more = problemCount > PROBLEMS_TOLD ? "; and " + (problemCount - PROBLEMS_TOLD) + " more" : "";
        String all = problemCount == 1 ? "a problem" : problemCount + " problems";
        return new JobFailedException("invalid_" + kind + "_file",
                "The " + kind + " file has " + all + ": " + told + more + ".", kind + "_file");
    }

    private static String withoutFullStop(String sentence) {
        return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
    }
}
