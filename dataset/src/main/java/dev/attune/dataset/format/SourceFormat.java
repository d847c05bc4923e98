package dev.attune.dataset.format;

import dev.attune.dataset.DatasetException;
import java.util.Arrays;
import java.util.stream.Collectors;

/** What a row looks like, whatever container it stands in. */
public enum SourceFormat {
    /** {@code {"messages": […]}}, OpenAI's chat format. */
    CHAT("openai", "OpenAI chat"),
    /** {@code {"prompt": …, "completion": …}}; either may be a text or a list of messages. */
    PROMPT_COMPLETION("prompt-completion", "prompt/completion"),
    /**
     * A question and two answers: {@code input}, {@code preferred_output} and {@code non_preferred_output}, the older
     * {@code …_completion}, or {@code chosen} and {@code rejected}.
     */
    PREFERENCE("preference", "preference"),
    /** {@code {"messages": […]}} that ends with the user, and keys for a grader beside it. */
    REINFORCEMENT("reinforcement", "reinforcement"),
    /** {@code {"conversations": [{"from": "human", "value": …}, …]}}. */
    SHAREGPT("sharegpt", "ShareGPT"),
    /** {@code {"instruction": …, "input": …, "output": …}}. */
    ALPACA("alpaca", "Alpaca"),
    /** Two keys that are known for a question and its answer. */
    QUESTION_ANSWER("qa", "question and answer"),
    /** Columns or keys that a {@link ColumnMapping} names. */
    MAPPED("mapped", "mapped columns");

    private final String optionName;
    private final String title;

    SourceFormat(String optionName, String title) {
        this.optionName = optionName;
        this.title = title;
    }

    /** The word for it after {@code --from}: {@code sharegpt}. */
    public String optionName() {
        return optionName;
    }

    /** The name as people write it: {@code ShareGPT}. */
    public String title() {
        return title;
    }

    /** The format that a word after {@code --from} means; throws {@link DatasetException} where none does. */
    public static SourceFormat of(String optionName) {
        return Arrays.stream(values())
                .filter(format -> format.optionName.equalsIgnoreCase(optionName))
                .findFirst()
                .orElseThrow(() -> new DatasetException("the format '" + optionName + "' is unknown; --from takes "
                        + Arrays.stream(values())
                                .map(SourceFormat::optionName)
                                .collect(Collectors.joining(", "))));
    }
}
