package dev.attune.cli;

import com.openai.client.OpenAIClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.OpenAIException;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import dev.attune.workflow.WireErrors;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * A conversation with one model: what was said so far, and answers that stream in. {@link #stop()} may come from any
 * thread; everything else belongs to one.
 */
final class ChatSession {
    private record Turn(String question, String answer) {}

    /**
     * How answers are sampled; NaN and −1 leave the choice to the server.
     *
     * @param system the system message, or the empty string for none
     */
    record Settings(String system, double temperature, int maxTokens, long seed) {}

    private final OpenAIClient client;
    private final String model;
    private final List<Turn> turns = new ArrayList<>();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private Settings settings;

    ChatSession(OpenAIClient client, String model, Settings settings) {
        this.client = client;
        this.model = model;
        this.settings = settings;
    }

    String model() {
        return model;
    }

    String system() {
        return settings.system();
    }

    /** Questions asked so far. */
    int turns() {
        return turns.size();
    }

    /** Forgets what was said. */
    void reset() {
        turns.clear();
    }

    /** Sets another system message and forgets what was said under the old one. */
    void system(String text) {
        settings = new Settings(text, settings.temperature(), settings.maxTokens(), settings.seed());
        turns.clear();
    }

    /** Ends the answer that is streaming in; what came so far stays in the conversation. */
    void stop() {
        stopped.set(true);
    }

    /**
     * Asks, and hands over each piece of the answer as it comes.
     *
     * @return true where the answer came to its own end, false where it was stopped
     */
    boolean ask(String question, Consumer<String> onText) {
        stopped.set(false);
        var answer = new StringBuilder();
        try (StreamResponse<ChatCompletionChunk> response = client.chat().completions()
                .createStreaming(params(question))) {
            Iterator<ChatCompletionChunk> chunks = response.stream().iterator();
            while (!stopped.get() && chunks.hasNext()) {
                for (var choice : chunks.next().choices()) {
                    choice.delta().content().filter(text -> !text.isEmpty()).ifPresent(text -> {
                        answer.append(text);
                        onText.accept(text);
                    });
                }
            }
        } catch (OpenAIException e) {
            if (!stopped.get()) {
                throw WireErrors.explain("ask " + model, e);
            }
        }
        turns.add(new Turn(question, answer.toString()));
        return !stopped.get();
    }

    private ChatCompletionCreateParams params(String question) {
        var params = ChatCompletionCreateParams.builder().model(model);
        if (!settings.system().isBlank()) {
            params.addSystemMessage(settings.system());
        }
        for (Turn turn : turns) {
            params.addUserMessage(turn.question()).addAssistantMessage(turn.answer());
        }
        params.addUserMessage(question);
        if (!Double.isNaN(settings.temperature())) {
            params.temperature(settings.temperature());
        }
        if (settings.maxTokens() > 0) {
            params.maxCompletionTokens(settings.maxTokens());
        }
        if (settings.seed() >= 0) {
            params.seed(settings.seed());
        }
        return params.build();
    }
}
