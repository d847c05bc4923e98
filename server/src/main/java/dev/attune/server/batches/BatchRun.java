package dev.attune.server.batches;

import dev.attune.server.files.Contents;
import dev.attune.server.files.FileStore;
import dev.attune.server.files.StoredFile;
import dev.attune.server.protocol.Caller;
import dev.attune.server.protocol.InProcess;
import dev.attune.server.protocol.Json;
import dev.attune.server.store.Times;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes one batch from where it stands to its end. Everything is stored as it happens, so a batch that was interrupted
 * goes on with the lines that have no answer yet.
 */
public final class BatchRun {
    private static final Logger log = LoggerFactory.getLogger(BatchRun.class);
    private static final int SIDE_BY_SIDE = 8;
    private static final int STOPPING = 503;

    private final BatchStore batches;
    private final FileStore files;
    private final Contents contents;
    private final InProcess server;

    public BatchRun(BatchStore batches, FileStore files, Contents contents, InProcess server) {
        this.batches = batches;
        this.files = files;
        this.contents = contents;
        this.server = server;
    }

    /** Does what is to be done next. @param closing whether the server stops */
    void advance(Batch batch, BooleanSupplier closing) throws IOException, InterruptedException {
        switch (batch.status()) {
            case VALIDATING -> validate(batch);
            case IN_PROGRESS -> answer(batch, closing);
            case FINALIZING, CANCELLING -> finish(batch, closing);
            case FAILED, COMPLETED, EXPIRED, CANCELLED -> throw new IllegalStateException(batch.id() + " is over");
        }
    }

    private void validate(Batch batch) throws IOException {
        Optional<StoredFile> file = files.find(batch.inputFile());
        if (file.isEmpty()) {
            fail(batch, BatchStatus.VALIDATING, List.of(gone(batch)));
            return;
        }
        BatchCheck check = BatchCheck.of(files.content(file.get()), batch.endpoint());
        if (!check.errors().isEmpty()) {
            fail(batch, BatchStatus.VALIDATING, check.errors());
            return;
        }
        batches.move(batch.id(), BatchStatus.VALIDATING, BatchStatus.IN_PROGRESS, handle -> handle.execute(
                "update batches set total = ?, model = ? where id = ?", check.requests(), check.model(), batch.id()));
    }

    void fail(Batch batch, BatchStatus expected, List<BatchWire.BatchError> errors) {
        batches.move(batch.id(), expected, BatchStatus.FAILED,
                handle -> handle.execute("update batches set errors = ? where id = ?", Json.text(errors), batch.id()));
    }

    private static BatchWire.BatchError gone(Batch batch) {
        return new BatchWire.BatchError("invalid_input_file", "The input file " + batch.inputFile()
                + " was deleted before the batch was done; upload it again.", "input_file_id", null);
    }

    private void answer(Batch batch, BooleanSupplier closing) throws IOException, InterruptedException {
        Optional<StoredFile> file = files.find(batch.inputFile());
        if (file.isEmpty()) {
            fail(batch, BatchStatus.IN_PROGRESS, List.of(gone(batch)));
            return;
        }
        Set<Integer> answered = batches.answered(batch.id());
        var places = new Semaphore(SIDE_BY_SIDE);
        BooleanSupplier stop = () -> closing.getAsBoolean() || !isInProgress(batch) || isLate(batch);
        try (ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("attune-batch-", 0).factory());
                var input = new BatchInput(files.content(file.get()))) {
            String text = input.next();
            while (!text.isEmpty() && !stop.getAsBoolean()) {
                if (!answered.contains(input.line())) {
                    BatchLine line = BatchLine.of(input.line(), text, batch.endpoint());
                    places.acquire();
                    threads.execute(() -> {
                        try {
                            Caller.actingFor(batch.organization(), () -> answer(batch, line, closing));
                        } finally {
                            places.release();
                        }
                    });
                }
                text = input.next();
            }
        } catch (BatchLine.BadLineException e) {
            throw new IllegalStateException("the input file of " + batch.id() + " is not the one that was checked", e);
        }
        if (!closing.getAsBoolean() && isInProgress(batch)) {
            batches.move(batch.id(), BatchStatus.IN_PROGRESS, BatchStatus.FINALIZING, handle -> {});
        }
    }

    private void answer(Batch batch, BatchLine line, BooleanSupplier closing) {
        InProcess.Reply reply = server.post(batch.endpoint(), line.body());
        boolean cutOff = closing.getAsBoolean() && !reply.isOk() || reply.status() == STOPPING;
        if (!cutOff) {
            batches.answer(batch.id(), line.line(), line.answer(reply));
        }
    }

    private boolean isInProgress(Batch batch) {
        return batches.find(batch.id()).map(now -> now.status() == BatchStatus.IN_PROGRESS).orElse(false);
    }

    private static boolean isLate(Batch batch) {
        return Times.nowSeconds() >= batch.expiresAt();
    }

    /** Writes the files and ends the batch: completed where every line has its answer, else cancelled or expired. */
    private void finish(Batch batch, BooleanSupplier closing) throws IOException, InterruptedException {
        boolean cancelled = batch.status() == BatchStatus.CANCELLING;
        int missing = batch.total() - batch.completed() - batch.failed();
        if (!cancelled && missing > 0 && !isLate(batch)) {
            // Answers that a stopping model cut off.
            if (batches.move(batch.id(), BatchStatus.FINALIZING, BatchStatus.IN_PROGRESS, handle -> {})
                    && !closing.getAsBoolean()) {
                TimeUnit.MILLISECONDS.sleep(200);
            }
            return;
        }
        if (missing > 0) {
            tellUnanswered(batch, cancelled
                    ? "batch_cancelled"
                    : "batch_expired",
                    cancelled
                            ? "This request was not answered before the batch was cancelled."
                            : "This request could not be answered before the completion window was over.");
        }
        BatchStatus end = cancelled ? BatchStatus.CANCELLED : missing > 0 ? BatchStatus.EXPIRED : BatchStatus.COMPLETED;
        String output = file(batch, false, "output");
        String errors = file(batch, true, "error");
        boolean moved = batches.move(batch.id(), batch.status(), end, handle -> {
            handle.execute("update batches set output_file = ?, error_file = ? where id = ?",
                    output.isEmpty() ? null : output, errors.isEmpty() ? null : errors, batch.id());
        });
        if (!moved) {
            // Cancelled in between: the next round writes what counts then.
            for (String file : List.of(output, errors)) {
                files.find(file).ifPresent(files::delete);
            }
        }
        log.info("batch {} is {}", batch.id(), end.wire());
    }

    private void tellUnanswered(Batch batch, String code, String message) throws IOException {
        Set<Integer> answered = batches.answered(batch.id());
        Optional<StoredFile> file = files.find(batch.inputFile());
        if (file.isEmpty()) {
            return;
        }
        try (var input = new BatchInput(files.content(file.get()))) {
            for (String text = input.next(); !text.isEmpty(); text = input.next()) {
                if (!answered.contains(input.line())) {
                    batches.answer(batch.id(), input.line(), BatchLine.of(input.line(), text, batch.endpoint())
                            .unanswered(code, message));
                }
            }
        } catch (BatchLine.BadLineException e) {
            throw new IllegalStateException("the input file of " + batch.id() + " is not the one that was checked", e);
        }
    }

    /** The file of all answers of one kind; empty where there are none. */
    private String file(Batch batch, boolean failed, String kind) throws IOException {
        String name = batch.id() + "_" + kind + ".jsonl";
        // Left by a server that died after it wrote the file and before it said so.
        files.deleteNamed(name, "batch_output");
        try (Contents.Received received = contents.receive(out -> batches.answers(batch.id(), failed, answer -> {
            try {
                out.write((answer + "\n").getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }), Long.MAX_VALUE)) {
            return received.bytes() == 0
                    ? ""
                    : files.add(received, name, "batch_output", batch.outputSeconds())
                            .id();
        }
    }
}
