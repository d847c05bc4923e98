package dev.attune.engine;

import dev.attune.text.MaskedTokens;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A file's examples as tokens, in the file's order.
 *
 * @param tokens tokens of all examples together
 * @param lost what became of examples that were too long, in a sentence
 */
record EncodedExamples(List<TrainingExample> examples, long tokens, Optional<String> lost) {
    static final EncodedExamples NONE = of(List.of(), Optional.empty());

    EncodedExamples {
        examples = List.copyOf(examples);
    }

    static EncodedExamples of(List<TrainingExample> examples, Optional<String> lost) {
        return new EncodedExamples(examples, examples.stream().mapToLong(TrainingExample::length).sum(), lost);
    }

    /**
     * Compares tokenizer and embedding.
     *
     * @throws EngineException where an example has a token that the embedding has no row for
     */
    void requireTokensBelow(int vocabularySize, Path base) {
        for (TrainingExample example : examples) {
            for (MaskedTokens tokens : example.sequences()) {
                for (int id : tokens.ids()) {
                    if (id >= vocabularySize) {
                        throw new EngineException("The tokenizer of " + base + " makes token " + id
                                + ", but the model's embedding has " + vocabularySize
                                + " rows: take tokenizer.json and weights from the same model.");
                    }
                }
            }
        }
    }
}
