package dev.attune.server.chat;

import dev.attune.engine.sample.FinishReason;
import dev.attune.engine.sample.Generation;
import dev.attune.engine.sample.Piece;
import dev.attune.engine.sample.TokenLogprobs;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One answer as it grows: text and calls of tools, told apart. Gives each piece on as what is new in it, and keeps the
 * whole. Not thread-safe.
 */
final class Reply {
    private final ToolPlan plan;
    private final boolean tellsLogprobs;
    private final @Nullable ToolCallReader reader;
    private final StringBuilder content = new StringBuilder();
    private final List<Call> calls = new ArrayList<>();
    private final List<TokenLogprobs> tokens = new ArrayList<>();
    private List<TokenLogprobs> untold = new ArrayList<>();
    private String finish = "";
    private int completionTokens;

    Reply(ToolPlan plan, boolean tellsLogprobs) {
        this.plan = plan;
        this.tellsLogprobs = tellsLogprobs;
        this.reader = plan.reader();
    }

    /** A tool call: its identifier, the tool, its arguments so far. */
    record Call(String id, String name, StringBuilder arguments) {}

    /** What is new: text with its tokens, or more of a call. */
    sealed interface News {
        /** More text. */
        record Text(String text, List<TokenLogprobs> tokens) implements News {}

        /** A call begins. */
        record Begun(int index, Call call) implements News {}

        /** More of the arguments of a call. */
        record More(int index, String arguments) implements News {}
    }

    List<News> take(Piece piece) {
        untold.addAll(piece.tokens());
        return news(reader == null ? List.of(new ReplyPart.Text(piece.text())) : reader.append(piece.text()));
    }

    /** What was held back to the end. */
    List<News> end(Generation generation) {
        List<News> last = reader == null ? List.of() : news(reader.finish());
        completionTokens = generation.completionTokens();
        finish = generation.finishReason() == FinishReason.LENGTH
                ? "length"
                : calls.isEmpty() ? "stop" : "tool_calls";
        return last;
    }

    /** Whether nothing more of it is wanted: one call was all that was allowed. */
    boolean isEnough() {
        return !plan.parallel() && reader != null && reader.calls() > 1;
    }

    String finish() {
        return finish;
    }

    int completionTokens() {
        return completionTokens;
    }

    /** The whole, at its end. */
    ChatWire.Choice choice(int index, TokenWriter writer) {
        boolean silent = content.isEmpty() && !calls.isEmpty();
        var message = new ChatWire.ReplyMessage("assistant", silent ? null : content.toString(), null, List.of(),
                calls.isEmpty() ? null : calls.stream().map(Reply::wire).toList());
        return new ChatWire.Choice(index, message, tellsLogprobs && !silent
                ? new ChatWire.Logprobs(writer.write(tokens), null)
                : null, finish);
    }

    private static ChatWire.ToolCall wire(Call call) {
        return new ChatWire.ToolCall(call.id(), "function",
                new ChatWire.Function(call.name(), call.arguments().toString()));
    }

    private List<News> news(List<ReplyPart> parts) {
        var news = new ArrayList<News>();
        for (ReplyPart part : parts) {
            switch (part) {
                case ReplyPart.Text(String text) -> {
                    content.append(text);
                    tokens.addAll(untold);
                    news.add(new News.Text(text, untold));
                    untold = new ArrayList<>();
                }
                case ReplyPart.Call(int index, String name) -> {
                    untold.clear();
                    if (index == 0 || plan.parallel()) {
                        var call = new Call(plan.nextId(), name, new StringBuilder());
                        calls.add(call);
                        news.add(new News.Begun(index, call));
                    }
                }
                case ReplyPart.Arguments(int index, String text) -> {
                    untold.clear();
                    if (index < calls.size()) {
                        calls.get(index).arguments().append(text);
                        news.add(new News.More(index, text));
                    }
                }
            }
        }
        return news;
    }
}
