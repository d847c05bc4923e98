package dev.attune.evals.run;

import dev.attune.evals.score.Answer;
import dev.attune.evals.score.Answer.Token;
import dev.attune.evals.score.Answer.ToolCall;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Every answer that was paid for, one JSON line each, written before it counts; found again by the key of its call. It is
 * the memory of a run that was stopped and the cache of the next. Only keys and places are held in memory (about 100 bytes a
 * row), the answers stay in the file. A last line that was cut off is dropped. Errors are not kept: they are asked again.
 * Thread-safe; one process at a time; whoever opens it closes it.
 */
public final class CallJournal implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String START = "{\"key\":\"";
    private static final int KEY_DIGITS = 64;

    /** The first half of a SHA-256, which is enough to tell calls apart. */
    private record Key(long high, long low) {}

    private final Path file;
    private final FileChannel channel;
    private final Map<Key, Long> places = new HashMap<>();
    private long end;

    private CallJournal(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** @throws IOException where it is open elsewhere, damaged, or cannot be used; the message says what to do */
    public static CallJournal open(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() == null) {
                throw new IOException(
                        "Another evaluation is writing " + file + "; wait for it, or give this one its own --state.");
            }
            var journal = new CallJournal(file, channel);
            journal.load();
            return journal;
        } catch (OverlappingFileLockException e) {
            channel.close();
            throw new IOException(
                    "Another evaluation is writing " + file + "; wait for it, or give this one its own --state.", e);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** How many answers it holds. */
    public synchronized int size() {
        return places.size();
    }

    public Optional<Answer> find(String key) {
        Long place;
        synchronized (this) {
            place = places.get(parsed(key));
        }
        if (place == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(answer(JSON.readTree(lineAt(place))));
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read (" + e.getMessage() + "); mend that and run again.",
                    e);
        } catch (JacksonException e) {
            throw new UncheckedIOException(
                    new IOException(file + " is damaged; delete it to ask all questions again.", e));
        }
    }

    public synchronized void add(String key, String model, Answer answer) {
        ObjectNode line = JSON.createObjectNode().put("key", key).put("model", model).put("text", answer.text())
                .put("finish", answer.finish()).put("input_tokens", answer.inputTokens())
                .put("output_tokens", answer.outputTokens()).put("seconds", answer.seconds()).put("usd", answer.usd());
        if (!answer.toolCalls().isEmpty()) {
            var calls = line.putArray("tool_calls");
            answer.toolCalls()
                    .forEach(call -> calls.addObject().put("name", call.name()).put("arguments", call.arguments()));
        }
        if (!answer.ending().isEmpty()) {
            var ending = line.putArray("ending");
            answer.ending().forEach(token -> {
                ObjectNode choices = ending.addObject().put("token", token.text()).putObject("choices");
                token.choices().forEach(choices::put);
            });
        }
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            for (long at = end; buffer.hasRemaining();) {
                at += channel.write(buffer, at);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    file + " cannot be written (" + e.getMessage() + "); make room and run again.", e);
        }
        places.put(parsed(key), end);
        end += bytes.length;
    }

    @Override
    public synchronized void close() throws IOException {
        try (channel) {
            channel.force(true);
        }
    }

    private void load() throws IOException {
        byte[] head = new byte[START.length() + KEY_DIGITS];
        byte[] chunk = new byte[1 << 16];
        long whole = 0;
        long at = 0;
        int column = 0;
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                for (int i = 0; i < read; i++) {
                    at++;
                    if (chunk[i] != '\n') {
                        if (column < head.length) {
                            head[column] = chunk[i];
                        }
                        column++;
                        continue;
                    }
                    if (column > 0) {
                        index(head, column, whole);
                    }
                    whole = at;
                    column = 0;
                }
            }
        }
        channel.truncate(whole);
        end = whole;
    }

    private void index(byte[] head, int length, long place) throws IOException {
        String start = new String(head, StandardCharsets.US_ASCII);
        if (length < head.length || !start.startsWith(START)) {
            throw new IOException(file + " is not a journal of answers; delete it or name another place with --state.");
        }
        try {
            places.put(parsed(start.substring(START.length())), place);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " is damaged; delete it to ask all questions again.", e);
        }
    }

    private static Key parsed(String key) {
        return new Key(HexFormat.fromHexDigitsToLong(key, 0, 16), HexFormat.fromHexDigitsToLong(key, 16, 32));
    }

    private String lineAt(long place) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(4096);
        while (true) {
            int read = channel.read(buffer, place + buffer.position());
            for (int i = 0; i < buffer.position(); i++) {
                if (buffer.get(i) == '\n') {
                    return new String(buffer.array(), 0, i, StandardCharsets.UTF_8);
                }
            }
            if (read < 0) {
                throw new IOException("a line ends too early");
            }
            if (!buffer.hasRemaining()) {
                buffer = ByteBuffer.allocate(buffer.capacity() * 4).put(buffer.flip());
            }
        }
    }

    private static Answer answer(JsonNode line) {
        List<ToolCall> calls = new ArrayList<>();
        line.path("tool_calls").forEach(call -> calls.add(
                new ToolCall(call.path("name").asString(""), call.path("arguments").asString(""))));
        return new Answer(line.path("text").asString(""), calls, line.path("finish").asString(""),
                line.path("input_tokens").asLong(-1), line.path("output_tokens").asLong(-1),
                line.path("seconds").asDouble(-1), line.path("usd").asDouble(-1), ending(line.path("ending")));
    }

    private static List<Token> ending(JsonNode tokens) {
        var ending = new ArrayList<Token>();
        for (JsonNode token : tokens) {
            var choices = new LinkedHashMap<String, Double>();
            token.path("choices").properties().forEach(e -> choices.put(e.getKey(), e.getValue().asDouble(0)));
            ending.add(new Token(token.path("token").asString(""), choices));
        }
        return ending;
    }
}
