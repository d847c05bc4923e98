package dev.attune.dataset;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The questions of an evaluation set, from JSON Lines of chats ({@code messages}, or {@code input} as a list of messages)
 * or of questions and answers under the usual keys, also inside {@code item}. Immutable.
 *
 * @param problems lines that have no question, and a file that cannot be read
 */
public record EvalSet(Path file, List<Item> items, List<Problem> problems) {
    private static final List<String> QUESTIONS = List.of("question", "prompt", "input", "query", "problem", "text");
    private static final List<String> ANSWERS = List.of("answer", "completion", "output", "ideal", "response",
            "expected", "expected_output", "reference_answer", "correct_answer", "target", "solution", "label");

    /**
     * One question.
     *
     * @param line line of the file, the first is 1
     * @param question without instructions above a conversation
     * @param answer empty where the set has none
     */
    public record Item(int line, String question, String answer) {}

    public EvalSet {
        items = List.copyOf(items);
        problems = List.copyOf(problems);
    }

    /** Reads an evaluation set into memory. A file that cannot be read is a problem, not an exception. */
    public static EvalSet read(Path file) {
        var items = new ArrayList<Item>();
        var problems = new ArrayList<Problem>();
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            var lines = new LineReader(in);
            for (byte[] line = lines.next(); line != null; line = lines.next()) {
                var decoded = StrictUtf8.decode(line);
                if (decoded.text().isBlank() && !lines.tooLong()) {
                    continue;
                }
                Object value = lines.tooLong() || decoded.faultAt() >= 0
                        ? null
                        : StrictJson.parse(decoded.text()).value();
                Item item = item(lines.number(), value);
                if (item == null) {
                    problems.add(new Problem("unreadable_eval_item", Severity.ERROR, lines.number(), "",
                            "the line has no question to compare; write a JSON object with 'messages', or with 'question' and 'answer'",
                            Findings.around(decoded.text(), 0)));
                } else {
                    items.add(item);
                }
            }
        } catch (IOException e) {
            problems.add(Problem.ofFile("file_unreadable", Severity.ERROR, file + " cannot be read (" + e + ")"));
        }
        if (items.isEmpty() && problems.isEmpty()) {
            problems.add(Problem.ofFile("empty_file", Severity.ERROR, file + " has no questions; write one a line"));
        }
        return new EvalSet(file, items, problems);
    }

    private static @Nullable Item item(int line, @Nullable Object value) {
        if (!(value instanceof Map<?, ?> row)) {
            return null;
        }
        if (row.get("item") instanceof Map<?, ?> inner) {
            Item item = item(line, inner);
            if (item != null) {
                return item;
            }
        }
        Object chat = row.get("messages") instanceof List<?> ? row.get("messages") : row.get("input");
        String answer = firstOf(row, ANSWERS);
        if (chat instanceof List<?> messages && messages.stream().allMatch(Map.class::isInstance)) {
            return chat(line, messages, answer);
        }
        Stream<String> parts = row.get("instruction") == null
                ? Stream.of(firstOf(row, QUESTIONS))
                : Stream.of(text(row.get("instruction")), text(row.get("input")));
        String question = parts.filter(part -> !part.isBlank()).collect(Collectors.joining("\n"));
        return question.isBlank() ? null : new Item(line, question, answer);
    }

    private static @Nullable Item chat(int line, List<?> messages, String answer) {
        var said = new ArrayList<String>();
        String last = answer;
        for (int i = 0; i < messages.size(); i++) {
            if (messages.get(i) instanceof Map<?, ?> message) {
                String text = text(message.get("content"));
                boolean answers = i == messages.size() - 1 && "assistant".equals(message.get("role"));
                if (answers) {
                    last = answer.isBlank() ? text : answer;
                } else if (!"system".equals(message.get("role")) && !"developer".equals(message.get("role"))) {
                    said.add(text);
                }
            }
        }
        String question = String.join("\n", said);
        return question.isBlank() ? null : new Item(line, question, last);
    }

    private static String firstOf(Map<?, ?> row, List<String> keys) {
        var values = new LinkedHashSet<@Nullable Object>();
        keys.forEach(key -> values.add(row.get(key)));
        return values.stream().filter(Objects::nonNull).map(EvalSet::text).filter(text -> !text.isBlank()).findFirst()
                .orElse("");
    }

    /** A text as it is; text parts, or several right answers, line by line. */
    private static String text(@Nullable Object value) {
        return switch (value) {
            case null -> "";
            case List<?> list -> list.stream().map(EvalSet::text).collect(Collectors.joining("\n"));
            case Map<?, ?> map when map.get("text") instanceof String text -> text;
            default -> JsonText.of(value);
        };
    }
}
