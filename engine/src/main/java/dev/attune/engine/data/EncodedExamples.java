package dev.attune.engine.data;

import dev.attune.engine.EngineException;

import dev.attune.text.MaskedTokens;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A file's examples as tokens, in the file's order. Whoever opens it closes it, where the examples are in a file.
 *
 * @param examples each call may give another object for the same example
 * @param tokens tokens of all examples together
 * @param longest tokens of the longest example
 * @param largestToken the largest token id
 * @param lost what became of examples that were too long, in a sentence
 */
public record EncodedExamples(List<TrainingExample> examples, long tokens, int longest, int largestToken,
        Optional<String> lost) implements AutoCloseable {
    public static final EncodedExamples NONE = of(List.of(), Optional.empty());

    public static EncodedExamples of(List<TrainingExample> examples, Optional<String> lost) {
        var count = new Count();
        examples.forEach(count::add);
        return count.of(examples, lost);
    }

    /** What is counted of examples as they go by. Not thread-safe. */
    static final class Count {
        private long tokens;
        private int longest;
        private int largestToken;

        void add(TrainingExample example) {
            tokens += example.length();
            longest = Math.max(longest, example.length());
            for (MaskedTokens sequence : example.sequences()) {
                for (int id : sequence.ids()) {
                    largestToken = Math.max(largestToken, id);
                }
            }
        }

        EncodedExamples of(List<TrainingExample> examples, Optional<String> lost) {
            return new EncodedExamples(examples, tokens, longest, largestToken, lost);
        }
    }

    /**
     * Compares tokenizer and embedding.
     *
     * @throws EngineException where an example has a token that the embedding has no row for
     */
    public void requireTokensBelow(int vocabularySize, Path base) {
        if (largestToken >= vocabularySize) {
            throw new EngineException("The tokenizer of " + base + " makes token " + largestToken
                    + ", but the model's embedding has " + vocabularySize
                    + " rows: take tokenizer.json and weights from the same model.");
        }
    }

    @Override
    public void close() {
        if (examples instanceof TokenFile file) {
            file.close();
        }
    }
}
