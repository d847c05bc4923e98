package dev.attune.workflow;

import com.openai.core.JsonValue;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionAssistantMessageParam;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessage;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionMessageToolCall;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.openai.models.chat.completions.ChatCompletionUserMessageParam;
import dev.attune.dataset.Row;
import dev.attune.text.Message;
import java.util.ArrayList;
import java.util.List;

/** A held-out row as the question that a model is asked through chat completions: greedy, and no longer than it needs. */
record ChatRequest(String model, Row row, int maxTokens) {

    /** The hash of all that decides the answer; {@code identity} tells models of one name apart. */
    String key(String identity) {
        return Fingerprint.of(model, identity, String.valueOf(maxTokens), row.json());
    }

    ChatCompletionCreateParams params() {
        var params = ChatCompletionCreateParams.builder().model(model).temperature(0).maxCompletionTokens(maxTokens);
        row.input().forEach(message -> add(params, message));
        if (!row.conversation().tools().isEmpty()) {
            params.putAdditionalBodyProperty("tools", JsonValue.from(row.conversation().tools()));
        }
        return params.build();
    }

    /** The answer's text with its tool calls as {@link Row#output()} writes them, so that the two can be compared. */
    static String text(ChatCompletion completion) {
        return firstMessage(completion).map(message -> {
            var parts = new ArrayList<String>();
            String content = WireValues.text(message._content());
            if (!content.isEmpty()) {
                parts.add(content);
            }
            for (ChatCompletionMessageToolCall call : message._toolCalls().asKnown().orElse(List.of())) {
                call.function().map(ChatCompletionMessageFunctionToolCall::function)
                        .ifPresent(f -> parts
                                .add(WireValues.text(f._name()) + "(" + WireValues.text(f._arguments()) + ")"));
            }
            return String.join("\n", parts);
        }).orElse("");
    }

    /** Why the model stopped; the empty string where the server does not say. */
    static String finish(ChatCompletion completion) {
        return completion._choices().asKnown().flatMap(choices -> choices.stream().findFirst())
                .flatMap(choice -> choice._finishReason().asKnown())
                .map(ChatCompletion.Choice.FinishReason::asString)
                .orElse("");
    }

    private static java.util.Optional<ChatCompletionMessage> firstMessage(ChatCompletion completion) {
        return completion._choices().asKnown().flatMap(choices -> choices.stream().findFirst())
                .flatMap(choice -> choice._message().asKnown());
    }

    private static void add(ChatCompletionCreateParams.Builder params, Message message) {
        switch (message) {
            case Message.System system -> params.addSystemMessage(system.content());
            case Message.Developer developer -> params.addDeveloperMessage(developer.content());
            case Message.User user -> {
                var param = ChatCompletionUserMessageParam.builder().content(user.content());
                if (!user.name().isEmpty()) {
                    param.name(user.name());
                }
                params.addMessage(param.build());
            }
            case Message.Assistant assistant -> {
                var param = ChatCompletionAssistantMessageParam.builder();
                if (!assistant.content().isEmpty() || assistant.toolCalls().isEmpty()) {
                    param.content(assistant.content());
                }
                assistant.toolCalls()
                        .forEach(call -> param.addToolCall(ChatCompletionMessageFunctionToolCall.builder().id(call.id())
                                .function(ChatCompletionMessageFunctionToolCall.Function.builder().name(call.name())
                                        .arguments(call.arguments()).build())
                                .build()));
                params.addMessage(param.build());
            }
            case Message.Tool tool -> params.addMessage(
                    ChatCompletionToolMessageParam.builder().content(tool.content()).toolCallId(tool.toolCallId())
                            .build());
        }
    }
}
