package dev.attune.engine.train;

import dev.attune.engine.DurableFiles;
import dev.attune.engine.EngineException;
import dev.attune.engine.data.DataFile;
import dev.attune.engine.model.ModelRef;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A job on disk: everything a trainer needs and everything it makes, so that the directory can be looked at, copied,
 * and gone on with after any crash.
 *
 * <pre>
 * job.json                       the JobSpec, never changed
 * data/training.jsonl            the files, copied in
 * data/validation.jsonl
 * data/replay.jsonl
 * progress.jsonl                 what has happened, append-only
 * control                        "cancel", where someone wishes it
 * tokens/                        the files as tokens, made when the job begins
 * rows.jsonl                     the loss of every training row after each epoch
 * reference.jsonl                of pairs: what the model thought of them before training
 * checkpoints/step-000120/       adapter/ or model/, optimizer.safetensors, history.csv, state.json, state.sha256
 * result/                        adapter/ or model/, metrics.csv
 * trainer.log, lock
 * </pre>
 *
 * Thread-safe: an instance holds nothing but the path and the spec.
 */
public final class JobDirectory {
    private final Path path;
    private final JobSpec spec;

    private JobDirectory(Path path, JobSpec spec) {
        this.path = path;
        this.spec = spec;
    }

    /**
     * Makes a job.
     *
     * @param others the other files that the spec names: validation, then replay
     * @throws EngineException where the directory exists already or cannot be written, or other files are named
     */
    public static JobDirectory create(Path directory, JobSpec spec, Path training, Path... others) {
        List<DataFile> named = spec.data().files();
        if (named.size() != 1 + others.length) {
            throw new EngineException("The job " + spec.jobId() + " names " + named.size() + " files, but "
                    + (1 + others.length) + " were given.");
        }
        var files = new ArrayList<Path>(List.of(training));
        files.addAll(List.of(others));
        return create(directory, spec, files, named.stream().map(DataFile::path).toList());
    }

    private static JobDirectory create(Path directory, JobSpec spec, List<Path> from, List<String> to) {
        Path target = directory.toAbsolutePath().normalize();
        if (Files.exists(target)) {
            throw new EngineException("The job directory " + target + " exists already: give another one.");
        }
        Path aside = target.resolveSibling(target.getFileName() + DurableFiles.PARTIAL);
        try {
            DurableFiles.deleteTree(aside);
            for (int i = 0; i < from.size(); i++) {
                Path copy = aside.resolve(to.get(i)).normalize();
                Files.createDirectories(copy.resolveSibling("x").getParent());
                Files.copy(from.get(i), copy);
            }
            Files.createDirectories(aside.resolve("checkpoints"));
            Files.write(aside.resolve("job.json"), spec.toJson());
            DurableFiles.publishTree(aside, target);
        } catch (IOException e) {
            removeQuietly(aside);
            throw new EngineException("The job directory " + target + " cannot be made (" + reason(e)
                    + "): see that the data files are there and the disk has room.", e);
        }
        return new JobDirectory(target, spec);
    }

    /**
     * Opens a job that is there.
     *
     * @throws EngineException where the directory holds no job
     */
    public static JobDirectory open(Path directory) {
        Path target = directory.toAbsolutePath().normalize();
        return new JobDirectory(target, JobSpec.read(target.resolve("job.json")));
    }

    public Path path() {
        return path;
    }

    public JobSpec spec() {
        return spec;
    }

    /** Everything that has happened so far, oldest first. */
    public List<Progress> progress() {
        return tail().poll();
    }

    /** A reader that stands before the first line. */
    public ProgressReader tail() {
        return new ProgressReader(path.resolve("progress.jsonl"));
    }

    /** The last line, where the job is over. */
    public Optional<Progress> outcome() {
        List<Progress> lines = progress();
        return lines.isEmpty() ? Optional.empty() : Optional.of(lines.getLast()).filter(Progress::isFinal);
    }

    /** Asks the trainer to end before its next step; it says {@link Progress.Cancelled} when it does. */
    public void requestCancel() {
        try {
            DurableFiles.write(path.resolve("control"), "cancel\n".getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new EngineException("The job " + spec.jobId() + " cannot be told to stop: " + reason(e) + ".", e);
        }
    }

    boolean isCancelRequested() {
        return Files.exists(path.resolve("control"));
    }

    /**
     * Where the result is: {@code adapter} in PEFT layout or {@code model} in Hugging Face layout, and
     * {@code metrics.csv}; complete once the job has succeeded.
     */
    public Path result() {
        return path.resolve("result");
    }

    /** The tuned model, to speak with; complete once the job has succeeded. */
    public ModelRef tuned() {
        return switch (spec.tuning()) {
            case Tuning.Lora lora -> ModelRef.tuned(spec.base(), result().resolve(TrainedAdapter.FOLDER));
            case Tuning.Full full -> ModelRef.base(result().resolve(TrainedModel.FOLDER));
        };
    }

    /** The model as it was at a checkpoint, to speak with. */
    public ModelRef tuned(Checkpoint checkpoint) {
        return switch (spec.tuning()) {
            case Tuning.Lora lora -> ModelRef.tuned(spec.base(), checkpoint.adapter());
            case Tuning.Full full -> ModelRef.base(checkpoint.model());
        };
    }

    /** The complete checkpoints, oldest first: those of the last three epochs, the best one, and the newest. */
    public List<Checkpoint> checkpoints() {
        return store().complete();
    }

    /** The loss of every row of the training file after each epoch, as far as they are known, epoch by epoch, in the file's order. */
    public List<RowLoss> rowLosses() {
        return RowLossFile.read(path.resolve(RowLossFile.NAME));
    }

    CheckpointStore store() {
        return new CheckpointStore(path.resolve("checkpoints"));
    }

    /** The training file, copied in. */
    public Path trainingFile() {
        return path.resolve(spec.data().training().path());
    }

    Path log() {
        return path.resolve("trainer.log");
    }

    /**
     * Takes the directory for one trainer.
     *
     * @return closed to give it back; empty where another trainer, in whatever process, has it
     */
    Optional<AutoCloseable> lock() {
        try {
            FileChannel channel = FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE);
            FileLock lock = null;
            try {
                lock = channel.tryLock();
            } catch (OverlappingFileLockException e) {
                // Held in this very process: as much taken as by another one.
            }
            if (lock == null) {
                channel.close();
                return Optional.empty();
            }
            return Optional.of(channel);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String reason(IOException e) {
        return e instanceof java.nio.file.NoSuchFileException
                ? "no such file " + e.getMessage()
                : String.valueOf(e.getMessage());
    }

    private static void removeQuietly(Path directory) {
        try {
            DurableFiles.deleteTree(directory);
        } catch (IOException e) {
            // What is left carries a name that marks it as incomplete.
        }
    }
}
