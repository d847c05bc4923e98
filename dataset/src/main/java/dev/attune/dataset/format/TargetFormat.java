package dev.attune.dataset.format;

import dev.attune.dataset.DatasetException;
import java.util.Arrays;
import java.util.stream.Collectors;

/** What a file can be written as. */
public enum TargetFormat {
    /** OpenAI's chat format, for supervised tuning. */
    CHAT("openai", "OpenAI chat", ".jsonl"),
    /** {@code prompt} and {@code completion}. */
    PROMPT_COMPLETION("prompt-completion", "prompt/completion", ".jsonl"),
    /** {@code input}, {@code preferred_output}, {@code non_preferred_output}, for direct preference optimization. */
    PREFERENCE("preference", "preference", ".jsonl"),
    /** Messages that end with the user, and the keys for a grader beside them. */
    REINFORCEMENT("reinforcement", "reinforcement", ".jsonl"),
    /** {@code conversations} of {@code from} and {@code value}. */
    SHAREGPT("sharegpt", "ShareGPT", ".jsonl"),
    /** {@code instruction}, {@code input}, {@code output}, {@code system}, {@code history}. */
    ALPACA("alpaca", "Alpaca", ".jsonl"),
    /** The columns {@code system}, {@code user}, {@code assistant}, or with two answers {@code preferred} and {@code non_preferred}. */
    CSV("csv", "CSV", ".csv");

    private final String optionName;
    private final String title;
    private final String ending;

    TargetFormat(String optionName, String title, String ending) {
        this.optionName = optionName;
        this.title = title;
        this.ending = ending;
    }

    /** The word for it after {@code --to}: {@code sharegpt}. */
    public String optionName() {
        return optionName;
    }

    /** The name as people write it: {@code ShareGPT}. */
    public String title() {
        return title;
    }

    /** How the name of such a file ends: {@code .jsonl}. */
    public String ending() {
        return ending;
    }

    /** The format that a word after {@code --to} means; throws {@link DatasetException} where none does. */
    public static TargetFormat of(String optionName) {
        return Arrays.stream(values())
                .filter(format -> format.optionName.equalsIgnoreCase(optionName))
                .findFirst()
                .orElseThrow(() -> new DatasetException("the format '" + optionName + "' is unknown; --to takes "
                        + Arrays.stream(values())
                                .map(TargetFormat::optionName)
                                .collect(Collectors.joining(", "))));
    }
}
