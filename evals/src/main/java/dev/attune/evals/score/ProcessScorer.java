package dev.attune.evals.score;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A scorer in any language: a program that reads one JSON line for each answer
 * ({@code {"item": …, "question": …, "expected": …, "output": …, "tool_calls": […]}}) and writes one JSON line back
 * ({@code {"score": 0.5, "reason": …, "feedback": …}}, or {@code {"unscored": "why"}}). It is started once, asked one row at
 * a time, started again after it ended or was too slow, and ended when the scorer is closed. What it writes to its standard
 * error is passed on.
 */
final class ProcessScorer implements Scorer, AutoCloseable {
    private final List<String> command;
    private final Duration patience;
    private Running running = new Running();

    /** A program at work; nothing before the first row. */
    private static final class Running {
        private final BlockingQueue<String> lines = new ArrayBlockingQueue<>(16);
        private java.util.Optional<Process> process = java.util.Optional.empty();
        private java.util.Optional<Writer> in = java.util.Optional.empty();
    }

    ProcessScorer(List<String> command, Duration patience) {
        this.command = List.copyOf(command);
        this.patience = patience;
    }

    @Override
    public String name() {
        return "process";
    }

    @Override
    public synchronized Score score(Sample sample) {
        String line;
        try {
            line = exchange(request(sample));
        } catch (IOException e) {
            close();
            throw new IllegalStateException(
                    "the program " + command.getFirst() + " cannot be asked (" + e.getMessage() + ")", e);
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped while the program " + command.getFirst() + " was asked", e);
        }
        return read(line);
    }

    private static String request(Sample sample) {
        ObjectNode request = Json.MAPPER.createObjectNode();
        request.set("item", sample.item());
        request.put("question", sample.question());
        if (sample.referenced()) {
            request.put("expected", sample.expected());
        }
        request.put("output", sample.text());
        var calls = request.putArray("tool_calls");
        sample.answer().toolCalls()
                .forEach(call -> calls.addObject().put("name", call.name()).put("arguments", call.arguments()));
        return request.toString();
    }

    private String exchange(String request) throws IOException, InterruptedException {
        Running now = started();
        Writer in = now.in.orElseThrow();
        in.write(request + "\n");
        in.flush();
        String line = now.lines.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        if (line == null) {
            throw new IOException("no answer within " + patience.toSeconds() + " s");
        }
        if (line.isEmpty()) {
            throw new IOException("it ended");
        }
        return line;
    }

    private Running started() throws IOException {
        if (running.process.map(Process::isAlive).orElse(false)) {
            return running;
        }
        close();
        var fresh = new Running();
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        fresh.process = java.util.Optional.of(process);
        fresh.in = java.util.Optional.of(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        Thread.ofVirtual().name("scorer-" + process.pid()).start(() -> listen(process, fresh.lines));
        running = fresh;
        return fresh;
    }

    private static void listen(Process process, BlockingQueue<String> lines) {
        try (var reader = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (!line.isBlank()) {
                    lines.put(line);
                }
            }
            lines.put("");
        } catch (IOException e) {
            lines.offer("");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Score read(String line) {
        try {
            JsonNode answer = Json.MAPPER.readTree(line);
            if (answer.has("unscored")) {
                throw new UnscorableException(answer.get("unscored").asString());
            }
            JsonNode score = answer.path("score");
            if (score.isNumber() && score.doubleValue() >= 0 && score.doubleValue() <= 1) {
                String reason = answer.path("reason").asString("");
                return answer.has("feedback")
                        ? new Score(score.doubleValue(), reason, answer.get("feedback").asString(""))
                        : new Score(score.doubleValue(), reason);
            }
        } catch (JacksonException e) {
            throw new IllegalStateException(
                    "the program " + command.getFirst() + " wrote no JSON: " + Texts.quoted(line, 80), e);
        }
        throw new IllegalStateException(
                "the program " + command.getFirst() + " gave no score from 0 to 1: " + Texts.quoted(line, 80));
    }

    @Override
    public synchronized void close() {
        running.process.ifPresent(process -> {
            process.destroy();
            try {
                if (!process.waitFor(2, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        });
        running = new Running();
    }
}
