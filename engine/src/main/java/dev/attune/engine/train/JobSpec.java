package dev.attune.engine.train;

import dev.attune.engine.EngineException;
import dev.attune.engine.config.BaseModel;
import dev.attune.engine.config.Precision;
import dev.attune.engine.data.OverLength;
import dev.attune.engine.data.TrainingMethod;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a job is to do, decided once and never changed: the content of {@code job.json}. Together with the data files
 * and the base model it determines every byte of the result.
 *
 * @param jobId the job's name, for messages
 * @param base directory of the base model
 * @param baseHash SHA-256 of the base model as {@link BaseModel#hash} gives it, or empty to leave it unchecked
 * @param initialAdapter PEFT directory to go on from, or empty
 * @param precision in which frozen weights are held and multiplied
 * @param watch what is measured on the way, and when training ends by itself
 * @param seed decides an adapter's first weights and the order of the examples
 * @param versions what made the job, name to version, for the record
 */
public record JobSpec(String jobId, Path base, String baseHash, String initialAdapter, JobData data,
        TrainingMethod method, Tuning tuning, Precision precision, Hyperparameters hyperparameters, Watch watch,
        long seed, Map<String, String> versions) {
    private static final JsonMapper JSON = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    public JobSpec {
        Hyperparameters h = hyperparameters;
        require(h.epochs() >= 1 && h.epochs() <= 50, "epochs must be 1 to 50, not " + h.epochs());
        require(h.batchSize() >= 1 && h.batchSize() <= 256, "batchSize must be 1 to 256, not " + h.batchSize());
        require(h.learningRateMultiplier() > 0 && Double.isFinite(h.learningRateMultiplier()),
                "learningRateMultiplier must be above 0, not " + h.learningRateMultiplier());
        require(watch.patience() >= 0, "patience must not be negative");
        require(watch.patience() == 0 || !data.validation().isNone(),
                "stopping early needs a validation file; name one, or leave patience at 0");
        require(watch.validateEvery() >= 0, "validateEvery must not be negative");
        require(!(method instanceof TrainingMethod.Dpo) || data.overLength() != OverLength.SPLIT,
                "a preference pair cannot be split; refuse, drop or truncate examples that are too long");
        require(!(tuning instanceof Tuning.Full) || initialAdapter.isEmpty(),
                "training all weights cannot go on from an adapter; name a model with the adapter merged as the base");
        require(!(tuning instanceof Tuning.Full) || precision == Precision.FLOAT32,
                "all weights are trained in float32; train an adapter for bfloat16");
        base = base.toAbsolutePath().normalize();
        versions = Collections.unmodifiableSortedMap(new TreeMap<>(versions));
    }

    /** A supervised job without validation file, whose files and base are not checked for changes. */
    public static JobSpec of(String jobId, Path base, Tuning tuning, Hyperparameters hyperparameters, long seed) {
        return new JobSpec(jobId, base, "", "", JobData.training(""), TrainingMethod.SUPERVISED, tuning,
                Precision.FLOAT32, hyperparameters, Watch.USUAL, seed, Map.of());
    }

    /** The same with other data. */
    public JobSpec withData(JobData other) {
        return new JobSpec(jobId, base, baseHash, initialAdapter, other, method, tuning, precision, hyperparameters,
                watch, seed, versions);
    }

    /** The same, refused where the base model is another one. */
    public JobSpec withBaseHash(String hash) {
        return new JobSpec(jobId, base, hash, initialAdapter, data, method, tuning, precision, hyperparameters,
                watch, seed, versions);
    }

    /** The same, going on from an adapter. */
    public JobSpec from(Path adapter) {
        return new JobSpec(jobId, base, baseHash, adapter.toString(), data, method, tuning, precision, hyperparameters,
                watch, seed, versions);
    }

    /** The same with another method. */
    public JobSpec withMethod(TrainingMethod other) {
        return new JobSpec(jobId, base, baseHash, initialAdapter, data, other, tuning, precision, hyperparameters,
                watch, seed, versions);
    }

    /** The same with frozen weights in other numbers. */
    public JobSpec withPrecision(Precision other) {
        return new JobSpec(jobId, base, baseHash, initialAdapter, data, method, tuning, other, hyperparameters,
                watch, seed, versions);
    }

    /** The same, watched otherwise. */
    public JobSpec watched(Watch other) {
        return new JobSpec(jobId, base, baseHash, initialAdapter, data, method, tuning, precision, hyperparameters,
                other, seed, versions);
    }

    /** The same, ending after so many epochs without a lower validation loss. */
    public JobSpec stoppingAfter(int epochs) {
        return watched(new Watch(epochs, watch.validateEvery(), watch.rowLosses()));
    }

    /** The same with a record of what made it. */
    public JobSpec withVersions(Map<String, String> made) {
        return new JobSpec(jobId, base, baseHash, initialAdapter, data, method, tuning, precision, hyperparameters,
                watch, seed, made);
    }

    /**
     * Reads {@code job.json}, also as it was written before its names were in snake case.
     *
     * @throws EngineException where it is missing or is not a job
     */
    public static JobSpec read(Path file) {
        try {
            return JobSpecJson.read(JSON.readTree(Files.readAllBytes(file)));
        } catch (IOException | JacksonException e) {
            throw new EngineException(
                    "There is no readable job at " + file + ": give a directory that holds a job.json.",
                    e);
        }
    }

    public byte[] toJson() {
        return JSON.writeValueAsBytes(JobSpecJson.write(this));
    }

    private static void require(boolean holds, String sentence) {
        if (!holds) {
            throw new EngineException("This job cannot be run: " + sentence + ".");
        }
    }
}
