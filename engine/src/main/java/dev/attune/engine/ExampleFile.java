package dev.attune.engine;

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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Reads a job's file and turns it into tokens; everything that is wrong with it is told at once. */
final class ExampleFile implements DatasetReader.Listener, PreferenceReader.Listener {
    private static final int PROBLEMS_TOLD = 20;

    private final ChatEncoder encoder;
    private final LengthLimit limit;
    private final List<String> problems = new ArrayList<>();
    private final List<TrainingExample> examples = new ArrayList<>();
    private boolean rows;

    private ExampleFile(ChatEncoder encoder, LengthLimit limit) {
        this.encoder = encoder;
        this.limit = limit;
    }

    /**
     * Reads and encodes a file of what the method learns from.
     *
     * @param kind how messages name the file: training, validation or replay
     * @param limit what becomes of examples that are too long
     * @throws JobFailedException that tells all the problems, where there are any
     */
    static EncodedExamples read(Path file, FilePart part, String kind, TrainingMethod method, ChatEncoder encoder,
            LengthLimit limit) {
        var reading = new ExampleFile(encoder, limit);
        switch (method) {
            case TrainingMethod.Supervised supervised -> DatasetReader.read(file, part, reading);
            case TrainingMethod.Dpo dpo -> PreferenceReader.read(file, part, reading);
        }
        return reading.result(kind);
    }

    private EncodedExamples result(String kind) {
        if (problems.isEmpty() && examples.isEmpty()) {
            problems.add("it has no examples" + (rows ? " that are short enough" : ""));
        }
        if (!problems.isEmpty()) {
            throw failure(kind);
        }
        return EncodedExamples.of(examples, limit.told(kind));
    }

    @Override
    public void problem(Problem problem) {
        if (problem.isError()) {
            problems.add(problem.toString());
        }
    }

    @Override
    public void row(Row row) {
        rows = true;
        attempt(row.line(), () -> {
            MaskedTokens tokens = encoder.example(row.conversation());
            if (fits(row.line(), tokens)) {
                limit.fit(tokens).forEach(piece -> examples.add(new TrainingExample.Single(row.line(), piece)));
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
                limit.fit(preferred, other).ifPresent(pair -> examples
                        .add(new TrainingExample.Pair(row.line(), pair.getFirst(), pair.getLast())));
            }
        });
    }

    private void attempt(int line, Runnable encoding) {
        try {
            encoding.run();
        } catch (TextException e) {
            problems.add("line " + line + ": " + e.getMessage());
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
        String told = problems.stream().limit(PROBLEMS_TOLD).map(ExampleFile::withoutFullStop)
                .collect(Collectors.joining("; "));
        String more = problems.size() > PROBLEMS_TOLD ? "; and " + (problems.size() - PROBLEMS_TOLD) + " more" : "";
        String count = problems.size() == 1 ? "a problem" : problems.size() + " problems";
        return new JobFailedException("invalid_" + kind + "_file",
                "The " + kind + " file has " + count + ": " + told + more + ".", kind + "_file");
    }

    private static String withoutFullStop(String sentence) {
        return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
    }
}
