package dev.attune.workflow;

import dev.attune.workflow.WorkflowException.Code;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every answer that a model gave, one JSON line each, synced before it counts, so that a stopped evaluation goes on where
 * it stopped. An answer is found by the hash of all that was asked. A last line that was cut off is dropped.
 * Thread-safe; whoever opens it closes it.
 */
final class AnswerBook implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /**
     * What a model said.
     *
     * @param key hash of model and request
     * @param finish why it stopped: {@code stop}, {@code length}, …
     */
    record Answer(String key, String model, int line, String text, String finish) {}

    private final Path file;
    private final Map<String, Answer> answers = new HashMap<>();
    private final FileChannel out;

    private AnswerBook(Path file, FileChannel out) {
        this.file = file;
        this.out = out;
    }

    static AnswerBook open(Path file) {
        try {
            byte[] bytes = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
            int whole = bytes.length;
            while (whole > 0 && bytes[whole - 1] != '\n') {
                whole--;
            }
            FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            out.truncate(whole);
            out.position(whole);
            var book = new AnswerBook(file, out);
            new String(bytes, 0, whole, StandardCharsets.UTF_8).lines().filter(line -> !line.isBlank())
                    .forEach(book::load);
            return book;
        } catch (IOException e) {
            throw new WorkflowException(Code.IO,
                    file + " cannot be used (" + e.getMessage() + "); mend that and run again.", e);
        }
    }

    synchronized Optional<Answer> find(String key) {
        return Optional.ofNullable(answers.get(key));
    }

    synchronized void add(Answer answer) {
        try {
            ByteBuffer line = ByteBuffer
                    .wrap((JSON.writeValueAsString(answer) + "\n").getBytes(StandardCharsets.UTF_8));
            while (line.hasRemaining()) {
                out.write(line);
            }
            out.force(false);
        } catch (IOException e) {
            throw new WorkflowException(Code.IO,
                    file + " cannot be written (" + e.getMessage() + "); make room and run again.", e);
        }
        answers.put(answer.key(), answer);
    }

    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException e) {
            throw new WorkflowException(Code.IO, file + " cannot be closed (" + e.getMessage() + ").", e);
        }
    }

    private void load(String line) {
        try {
            Answer answer = JSON.readValue(line, Answer.class);
            answers.put(answer.key(), answer);
        } catch (JacksonException e) {
            throw new WorkflowException(Code.IO, file + " is damaged; delete it to ask all questions again.", e);
        }
    }
}
