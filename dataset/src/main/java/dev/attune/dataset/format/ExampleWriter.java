package dev.attune.dataset.format;

import java.util.ArrayList;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes rows of one format. Stateless. */
interface ExampleWriter {

    /** The row, or null where the format cannot say it; the reason is then in the trace. */
    @Nullable
    Map<String, Object> write(Example example, Trace trace);

    /** The writer of a format. */
    static ExampleWriter of(TargetFormat target) {
        return switch (target) {
            case CHAT -> new ChatFormat();
            case PROMPT_COMPLETION -> new PromptFormat();
            case PREFERENCE -> new PreferenceFormat();
            case REINFORCEMENT -> new ReinforcementFormat();
            case SHAREGPT -> new ShareGptFormat();
            case ALPACA -> new AlpacaFormat();
            case CSV -> new TableFormat();
        };
    }

    /** An example as a conversation with one answer; null where it has none, with the reason in the trace. */
    static Example.@Nullable Supervised supervised(Example example, String title, Trace trace) {
        return switch (example) {
            case Example.Supervised supervised -> supervised;
            case Example.Preference preference -> {
                trace.mapped("preferred_output", "the answer");
                trace.dropped("non_preferred_output", "a row of " + title + " has one answer");
                var messages = new ArrayList<>(preference.input());
                messages.add(preference.preferred());
                yield new Example.Supervised(messages, preference.settings());
            }
            case Example.Reinforcement row -> {
                trace.error("no_answer", "/messages",
                        "a reinforcement row has keys for a grader and no answer; write it --to reinforcement, or name the key that holds the answer: --map user=messages,assistant=KEY",
                        row.messages());
                yield null;
            }
        };
    }
}
