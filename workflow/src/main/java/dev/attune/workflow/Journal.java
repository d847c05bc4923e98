package dev.attune.workflow;

import dev.attune.workflow.WorkflowException.Code;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a run has done so far, in {@code journal.json} of its state folder: for each step its inputs by name, its output
 * and how long it took; and the job that was asked for before it is known whether the request arrived. The file is
 * written aside, synced and renamed, so it is whole at every instant. One process at a time has it open; whoever opens it
 * closes it.
 */
final class Journal implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final int FORMAT = 1;

    /** A finished step. */
    record Entry(Map<String, String> inputs, Instant finishedAt, double seconds, JsonNode output) {}

    /**
     * A job that was asked for.
     *
     * @param runId stands in the job's metadata
     * @param jobId the empty string until the server has answered
     */
    record PendingJob(String runId, String jobId, Map<String, String> inputs) {}

    private record Content(int format, Map<String, Entry> steps, @Nullable PendingJob pendingJob) {}

    private final Path file;
    private final FileChannel lockChannel;
    private final Map<String, Entry> steps = new LinkedHashMap<>();
    private @Nullable PendingJob pendingJob;

    private Journal(Path file, FileChannel lockChannel) {
        this.file = file;
        this.lockChannel = lockChannel;
    }

    /** @throws WorkflowException where another run has it open, or it cannot be read */
    static Journal open(Path stateDir) {
        try {
            Files.createDirectories(stateDir);
            FileChannel channel = FileChannel.open(stateDir.resolve("lock"), StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE);
            if (!locked(channel)) {
                channel.close();
                throw new WorkflowException(Code.IO,
                        "Another run is at work in " + stateDir
                                + "; wait for it, or give this one its own folder with --state.");
            }
            var journal = new Journal(stateDir.resolve("journal.json"), channel);
            journal.load();
            return journal;
        } catch (IOException e) {
            throw new WorkflowException(Code.IO, "The state folder " + stateDir + " cannot be used (" + e.getMessage()
                    + "); name another one with --state.", e);
        }
    }

    Optional<Entry> entry(RunStep step) {
        return Optional.ofNullable(steps.get(step.key()));
    }

    <T> T output(Entry entry, Class<T> type) {
        return JSON.treeToValue(entry.output(), type);
    }

    /** Records a step as done; what was recorded of later steps stays and is judged by its own inputs. */
    void record(RunStep step, Map<String, String> inputs, Object output, double seconds) {
        steps.put(step.key(), new Entry(inputs, Instant.now(), seconds, JSON.valueToTree(output)));
        if (step == RunStep.TUNE) {
            pendingJob = null;
        }
        save();
    }

    Optional<PendingJob> pendingJob() {
        return Optional.ofNullable(pendingJob);
    }

    /** Remembers a job before it is asked for, and its id as soon as it is known. */
    void pendingJob(PendingJob job) {
        pendingJob = job;
        save();
    }

    void forgetPendingJob() {
        pendingJob = null;
        save();
    }

    @Override
    public void close() {
        try {
            lockChannel.close();
        } catch (IOException e) {
            throw new WorkflowException(Code.IO,
                    "The lock beside " + file + " cannot be given back (" + e.getMessage() + ").", e);
        }
    }

    private void load() throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        try {
            Content content = JSON.readValue(Files.readAllBytes(file), Content.class);
            if (content.format() != FORMAT) {
                throw new WorkflowException(Code.IO,
                        file + " was written by another version of Attune (format " + content.format()
                                + "); delete its folder to start afresh.");
            }
            steps.putAll(content.steps());
            pendingJob = content.pendingJob();
        } catch (JacksonException e) {
            throw new WorkflowException(Code.IO, file + " is damaged; delete its folder to start afresh.", e);
        }
    }

    private void save() {
        Path aside = file.resolveSibling("journal.json.new");
        try {
            ByteBuffer bytes = ByteBuffer.wrap(JSON.writeValueAsBytes(new Content(FORMAT, steps, pendingJob)));
            try (FileChannel out = FileChannel.open(aside, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                    StandardOpenOption.TRUNCATE_EXISTING)) {
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
                out.force(true);
            }
            Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new WorkflowException(Code.IO,
                    "The journal " + file + " cannot be written (" + e.getMessage() + "); make room and run again.", e);
        }
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }
}
