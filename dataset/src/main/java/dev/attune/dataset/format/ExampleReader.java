package dev.attune.dataset.format;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the rows of one format. Stateless. */
interface ExampleReader {

    /**
     * What the row means, or null where it cannot be read; the reason is then in the trace, and so are the keys that were
     * read. What becomes of the others is not its concern.
     */
    @Nullable
    Example read(Map<String, Object> row, Trace trace);

    /** The reader of what was detected. */
    static ExampleReader of(Detected source) {
        return switch (source.format()) {
            case CHAT -> new ChatFormat();
            case PROMPT_COMPLETION -> new PromptFormat();
            case PREFERENCE -> new PreferenceFormat();
            case REINFORCEMENT -> new ReinforcementFormat();
            case SHAREGPT -> new ShareGptFormat();
            case ALPACA -> new AlpacaFormat();
            case QUESTION_ANSWER, MAPPED -> new MappedFormat(source.mapping());
        };
    }
}
