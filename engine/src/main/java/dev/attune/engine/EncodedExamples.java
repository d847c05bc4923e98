package dev.attune.engine;

import dev.attune.dataset.Dataset;
import dev.attune.dataset.ExampleLength;
import dev.attune.dataset.FilePart;
import dev.attune.dataset.Problem;
import dev.attune.dataset.Row;
import dev.attune.dataset.TokenCount;
import dev.attune.text.ChatEncoder;
import dev.attune.text.MaskedTokens;
import dev.attune.text.TextException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A file's examples as tokens, in the file's order.
 *
 * @param tokens tokens of all examples together
 * @param lost what became of examples that were too long, in a sentence
 */
record EncodedExamples(List<MaskedTokens> examples, long tokens, Optional<String> lost) {
    static final EncodedExamples NONE = new EncodedExamples(List.of(), 0, Optional.empty());
    private static final int PROBLEMS_TOLD = 20;

    EncodedExamples {
        examples = List.copyOf(examples);
    }

    /**
     * Reads and encodes a file.
     *
     * @param limit what becomes of examples that are too long
     * @throws JobFailedException that tells all the problems, where there are any
     */
    static EncodedExamples read(Path file, FilePart part, ChatEncoder encoder, LengthLimit limit) {
        Dataset dataset = Dataset.read(file, part);
        var problems = new ArrayList<String>();
        dataset.problems().stream().filter(Problem::isError).forEach(problem -> problems.add(problem.toString()));
        var examples = new ArrayList<MaskedTokens>();
        for (Row row : dataset.rows()) {
            try {
                MaskedTokens example = encoder.example(row.conversation());
                if (limit.refuses(example)) {
                    var count = new TokenCount(example.length(), example.trainedCount());
                    ExampleLength.problem(row.line(), count, limit.most())
                            .ifPresent(problem -> problems.add(problem.toString()));
                } else {
                    examples.addAll(limit.fit(example));
                }
            } catch (TextException e) {
                problems.add("line " + row.line() + ": " + e.getMessage());
            }
        }
        if (problems.isEmpty() && examples.isEmpty()) {
            problems.add("it has no examples" + (dataset.rows().isEmpty() ? "" : " that are short enough"));
        }
        if (!problems.isEmpty()) {
            throw failure(part, problems);
        }
        return new EncodedExamples(examples, examples.stream().mapToLong(MaskedTokens::length).sum(),
                limit.told(kind(part)));
    }

    /**
     * Compares tokenizer and embedding.
     *
     * @throws EngineException where an example has a token that the embedding has no row for
     */
    void requireTokensBelow(int vocabularySize, Path base) {
        for (MaskedTokens example : examples) {
            for (int id : example.ids()) {
                if (id >= vocabularySize) {
                    throw new EngineException("The tokenizer of " + base + " makes token " + id
                            + ", but the model's embedding has " + vocabularySize
                            + " rows: take tokenizer.json and weights from the same model.");
                }
            }
        }
    }

    private static JobFailedException failure(FilePart part, List<String> problems) {
        String kind = kind(part);
        String told = problems.stream().limit(PROBLEMS_TOLD).map(EncodedExamples::withoutFullStop)
                .collect(Collectors.joining("; "));
        String more = problems.size() > PROBLEMS_TOLD ? "; and " + (problems.size() - PROBLEMS_TOLD) + " more" : "";
        String count = problems.size() == 1 ? "a problem" : problems.size() + " problems";
        return new JobFailedException("invalid_" + kind + "_file",
                "The " + kind + " file has " + count + ": " + told + more + ".", kind + "_file");
    }

    private static String kind(FilePart part) {
        return part == FilePart.TRAINING ? "training" : "validation";
    }

    private static String withoutFullStop(String sentence) {
        return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
    }
}
