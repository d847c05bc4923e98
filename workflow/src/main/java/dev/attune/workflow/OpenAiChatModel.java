package dev.attune.workflow;

import com.openai.client.OpenAIClient;
import com.openai.core.JsonField;
import com.openai.core.JsonValue;
import com.openai.core.RequestOptions;
import com.openai.errors.OpenAIException;
import com.openai.errors.OpenAIServiceException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessage;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionMessageParam;
import com.openai.models.chat.completions.ChatCompletionMessageToolCall;
import dev.attune.evals.run.ChatCall;
import dev.attune.evals.run.ChatModel;
import dev.attune.evals.run.ModelException;
import dev.attune.evals.run.ModelException.Kind;
import dev.attune.evals.score.Answer;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A model of any server that speaks OpenAI's chat completions. Tries once: who asks decides about trying again. Thread-safe. */
public final class OpenAiChatModel implements ChatModel {
    private final OpenAIClient client;
    private final String name;
    private final String identity;

    /**
     * A model.
     *
     * @param identity what tells it from models of the same name elsewhere, such as the base URL
     */
    public OpenAiChatModel(OpenAIClient client, String name, String identity) {
        this.client = client.withOptions(options -> options.maxRetries(0));
        this.name = name;
        this.identity = identity;
    }

    /**
     * Models by their names, at {@code OPENAI_BASE_URL} with {@code OPENAI_API_KEY}. They live as long as the process.
     *
     * @throws WorkflowException where the address is missing
     */
    public static Function<String, ChatModel> fromEnvironment() {
        return at(Endpoint.of(Provider.ATTUNE, System.getenv()));
    }

    /** Models of an endpoint by their names. They live as long as the process. */
    public static Function<String, ChatModel> at(Endpoint endpoint) {
        OpenAIClient client = endpoint.client();
        return name -> new OpenAiChatModel(client, name, endpoint.baseUrl());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String identity() {
        return identity;
    }

    @Override
    public Answer ask(ChatCall call) throws ModelException, InterruptedException {
        JsonField<List<ChatCompletionMessageParam>> messages = raw(call.messages());
        var params = ChatCompletionCreateParams.builder().model(name).messages(messages).temperature(call.temperature())
                .maxCompletionTokens(call.maxTokens());
        if (!call.tools().isEmpty()) {
            params.putAdditionalBodyProperty("tools", value(call.tools()));
        }
        if (call.topTokens() > 0) {
            params.logprobs(true).topLogprobs(call.topTokens());
        }
        long start = System.nanoTime();
        try {
            // A body of "null" is read as none at all.
            Optional<ChatCompletion> completion = Optional.ofNullable(client.chat().completions().create(
                    params.build(), RequestOptions.builder().timeout(call.timeout()).build()));
            return answer(completion.orElseThrow(() -> new ModelException(Kind.REFUSED,
                    "the answer is not one that the OpenAI protocol knows (null)", Duration.ZERO)),
                    (System.nanoTime() - start) / 1e9);
        } catch (OpenAIException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException("Stopped asking " + name);
            }
            throw failure(e);
        }
    }

    @SuppressWarnings("unchecked")
    private static <T> JsonField<T> raw(JsonNode node) {
        return (JsonField<T>) value(node);
    }

    private static JsonValue value(JsonNode node) {
        return JsonValue.from(JsonMapper.shared().convertValue(node, Object.class));
    }

    /** @throws ModelException where there is no message in it, as gateways answer that put their error behind a 200 */
    private static Answer answer(ChatCompletion completion, double seconds) throws ModelException {
        Optional<ChatCompletion.Choice> choice = completion._choices().asKnown()
                .flatMap(choices -> choices.stream().findFirst());
        if (choice.flatMap(c -> c._message().asKnown()).isEmpty()) {
            JsonValue error = completion._additionalProperties().get("error");
            throw new ModelException(Kind.UNWELL, "the answer has no message in it"
                    + (error == null ? "" : " but an error: " + error), Duration.ZERO);
        }
        Optional<ChatCompletionMessage> message = choice.flatMap(c -> c._message().asKnown());
        var calls = new ArrayList<Answer.ToolCall>();
        for (ChatCompletionMessageToolCall call : message.flatMap(m -> m._toolCalls().asKnown()).orElse(List.of())) {
            call.function().map(ChatCompletionMessageFunctionToolCall::function).ifPresent(f -> calls
                    .add(new Answer.ToolCall(WireValues.text(f._name()), WireValues.text(f._arguments()))));
        }
        String text = message.map(m -> WireValues.text(m._content())).orElse("");
        String refusal = message.map(m -> WireValues.text(m._refusal())).orElse("");
        var usage = completion._usage().asKnown();
        return new Answer(text.isEmpty() ? refusal : text, calls,
                text.isEmpty() && !refusal.isEmpty() ? "refusal" : ChatRequest.finish(completion),
                usage.map(u -> WireValues.number(u._promptTokens(), -1)).orElse(-1L),
                usage.map(u -> WireValues.number(u._completionTokens(), -1)).orElse(-1L), seconds, -1,
                text.isEmpty() ? List.of() : choice.map(TokenChoices::ending).orElse(List.of()));
    }

    private static ModelException failure(OpenAIException e) {
        Duration retryAfter = e instanceof OpenAIServiceException service ? retryAfter(service) : Duration.ZERO;
        boolean limited = e instanceof OpenAIServiceException service && service.statusCode() == 429;
        Kind kind = !WireErrors.isPassing(e) ? Kind.REFUSED : limited ? Kind.LIMITED : Kind.UNWELL;
        String reason = WireErrors.reason(e);
        return new ModelException(kind, kind == Kind.REFUSED && !(e instanceof OpenAIServiceException)
                ? "the answer is not one that the OpenAI protocol knows (" + reason + ")"
                : reason, retryAfter);
    }

    /** What the server asks one to wait, in milliseconds, seconds or as a date; zero where it does not say. */
    static Duration retryAfter(OpenAIServiceException failure) {
        String millis = first(failure, "retry-after-ms");
        String seconds = first(failure, "retry-after");
        try {
            if (!millis.isEmpty()) {
                return Duration.ofMillis((long) Double.parseDouble(millis));
            }
            return seconds.isEmpty() ? Duration.ZERO : Duration.ofMillis((long) (1000 * Double.parseDouble(seconds)));
        } catch (NumberFormatException e) {
            return untilDate(seconds);
        }
    }

    private static Duration untilDate(String date) {
        try {
            Duration until = Duration.between(ZonedDateTime.now(java.time.ZoneOffset.UTC),
                    ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME));
            return until.isNegative() ? Duration.ZERO : until;
        } catch (DateTimeParseException e) {
            return Duration.ZERO;
        }
    }

    private static String first(OpenAIServiceException failure, String header) {
        return failure.headers().values(header).stream().findFirst().map(String::strip).orElse("");
    }
}
