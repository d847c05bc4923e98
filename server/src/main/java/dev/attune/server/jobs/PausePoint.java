package dev.attune.server.jobs;

import dev.attune.engine.train.Checkpoint;
import dev.attune.engine.train.JobDirectory;
import dev.attune.engine.train.StepMetrics;
import dev.attune.server.models.ModelName;
import dev.attune.server.models.TunedModel;
import dev.attune.server.protocol.Json;
import dev.attune.server.store.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/**
 * The checkpoint that a pause makes: the trainer's newest one, copied out of its reach, because it keeps only the ends
 * of epochs for good. Done twice, it is done once.
 */
public final class PausePoint {
    private final Database database;
    private final String organization;

    public PausePoint(Database database, String organization) {
        this.database = database;
        this.organization = organization;
    }

    /** Makes the newest checkpoint of a job a model that can be used. */
    void keep(Job job, JobDirectory directory) {
        List<Checkpoint> all = directory.checkpoints();
        if (all.isEmpty() || all.getLast().step() == 0 || isKnown(job, all.getLast().step())) {
            return;
        }
        Checkpoint newest = all.getLast();
        try {
            Path adapter = copy(newest, directory);
            database.write(handle -> {
                if (!JobCheckpoint.exists(handle, job.id(), newest.step())) {
                    String name = ModelName.checkpoint(job.base(), job.slug(organization), job.suffix(), newest.step());
                    TunedModel.add(handle, name, job.base(), job.id(), adapter);
                    JobCheckpoint.add(handle, job.id(), newest.step(), name, metrics(newest).toString());
                    JobEvent.append(handle, job.id(), List.of(JobEvent.Draft.info(
                            "Checkpoint created at step " + newest.step() + " with Snapshot ID: " + name)));
                }
                return true;
            });
        } catch (IOException e) {
            throw new UncheckedIOException("the checkpoint of the pause of job " + job.id() + " cannot be kept", e);
        }
    }

    private boolean isKnown(Job job, int step) {
        return database.read(handle -> JobCheckpoint.exists(handle, job.id(), step));
    }

    private static Path copy(Checkpoint from, JobDirectory directory) throws IOException {
        Path target = directory.path().resolve("paused").resolve(from.directory().getFileName());
        Path aside = target.resolveSibling(target.getFileName() + ".partial");
        Path made = Files.isDirectory(from.model()) ? from.model() : from.adapter();
        try (Stream<Path> files = Files.walk(made)) {
            for (Path file : files.toList()) {
                Path to = aside.resolve(made.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(to);
                } else {
                    Files.copy(file, to, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
        if (!Files.exists(target)) {
            Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
        }
        return target;
    }

    private static ObjectNode metrics(Checkpoint checkpoint) {
        StepMetrics at = checkpoint.metrics();
        ObjectNode metrics = Json.object().put("step", checkpoint.step());
        JobProgress.metrics(metrics, at);
        return metrics;
    }
}
