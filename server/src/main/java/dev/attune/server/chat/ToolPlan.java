package dev.attune.server.chat;

import dev.attune.engine.sample.TextShape;
import dev.attune.server.protocol.ApiException;
import dev.attune.text.ChatTemplate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How an answer comes to call tools: what its beginning is held to, and how calls are read out of it.
 *
 * @param format how the model writes calls; empty where none are on offer
 */
record ToolPlan(ToolChoice choice, Optional<ToolFormat> format) {

    /**
     * @throws ApiException 400 where the model's template knows nothing of tools, or calls cannot be forced
     */
    static ToolPlan of(ToolChoice choice, ChatTemplate template, String model) {
        if (choice.offered().isEmpty()) {
            return new ToolPlan(choice, Optional.empty());
        }
        ToolFormat format = ToolFormat.of(template).orElseThrow(() -> ApiException.badRequest(
                "The chat template of the model '" + model + "' does not tell it of tools; leave out 'tools', or choose"
                        + " a model that calls them.",
                "tools", "unsupported_parameter"));
        if (!choice.required().isEmpty() && format.opening("x").isEmpty()) {
            throw ApiException.badRequest("The chat template of the model '" + model + "' does not show how it calls"
                    + " tools, so that no call can be required; use the tool_choice 'auto'.", "tool_choice",
                    "unsupported_parameter");
        }
        return new ToolPlan(choice, Optional.of(format));
    }

    /** What the answer has to look like, where it is not to be another shape. */
    TextShape shape(TextShape wanted) {
        if (format.isEmpty()) {
            return wanted;
        }
        List<String> openings = choice.required().stream().map(format.get()::opening).toList();
        return new TextShape(openings, wanted.json() && openings.isEmpty(), ToolCallReader.TOKENS);
    }

    @Nullable
    ToolCallReader reader() {
        return format.map(found -> new ToolCallReader(found.bare(),
                choice.required().isEmpty() ? choice.names() : Set.copyOf(choice.required()))).orElse(null);
    }

    boolean parallel() {
        return choice.parallel();
    }

    String nextId() {
        return format.map(ToolFormat::nextId).orElse("");
    }
}
