package dev.attune.server.jobs;

import dev.attune.dataset.FilePart;
import dev.attune.engine.EngineException;
import dev.attune.engine.config.BaseModel;
import dev.attune.engine.config.LoraConfig;
import dev.attune.engine.config.ModelConfig;
import dev.attune.engine.data.OverLength;
import dev.attune.engine.data.TrainingMethod;
import dev.attune.engine.train.AutoHyperparameters;
import dev.attune.engine.train.AutoPrecision;
import dev.attune.engine.train.Hyperparameters;
import dev.attune.engine.train.JobData;
import dev.attune.engine.train.JobDirectory;
import dev.attune.engine.train.JobSpec;
import dev.attune.engine.train.Tuning;
import dev.attune.server.files.FileStore;
import dev.attune.server.files.StoredFile;
import dev.attune.server.models.BaseModels;
import dev.attune.server.models.ModelCatalog;
import dev.attune.server.protocol.Json;
import dev.attune.server.store.Home;
import dev.attune.text.ChatEncoder;
import dev.attune.text.TextException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The step from {@code validating_files} to {@code queued}: reads every line of the files, resolves the settings to
 * numbers, and makes the job's directory, which from then on holds all that the job needs. Interrupted at any point, it
 * can be done again.
 */
public final class JobCheck {

    private final JobStore jobs;
    private final FileStore files;
    private final ModelCatalog models;
    private final Home home;

    public JobCheck(JobStore jobs, FileStore files, ModelCatalog models, Home home) {
        this.jobs = jobs;
        this.files = files;
        this.models = models;
        this.home = home;
    }

    /** Moves a job on, to {@code queued} or to {@code failed}. */
    void run(Job job) throws IOException {
        try {
            check(job);
        } catch (Rejected rejected) {
            fail(job, rejected.error, List.of());
        } catch (EngineException | TextException e) {
            fail(job, new JobWire.JobError("invalid_model", String.valueOf(e.getMessage()), "model"), List.of());
        }
    }

    private void check(Job job) throws IOException {
        BaseModels.Base base = models.base(job.base()).orElseThrow(() -> new Rejected("invalid_model", "The base model "
                + job.base() + " is no longer in the server's model folders; copy it back and create the job again.",
                "model"));
        String initialAdapter = initialAdapter(job);
        ModelConfig config = ModelConfig.read(base.directory());
        var verdicts = new ArrayList<FileVerdict>();
        try (ChatEncoder encoder = ChatEncoder.open(base.directory())) {
            verdicts.add(verdict(job, job.trainingFile(), FilePart.TRAINING, encoder, config));
            if (job.validationFile() != null) {
                verdicts.add(verdict(job, job.validationFile(), FilePart.VALIDATION, encoder, config));
            }
        }
        Optional<FileVerdict> replay = replay(job, base, config);
        replay.ifPresent(verdicts::add);
        List<JobEvent.Draft> notes = verdicts.stream().flatMap(verdict -> verdict.events().stream()).toList();
        Optional<FileVerdict> unusable = verdicts.stream().filter(verdict -> !verdict.isUsable()).findFirst();
        if (unusable.isPresent()) {
            fail(job, unusable.get().error(), notes);
            return;
        }
        Hyperparameters resolved = resolve(job, config, verdicts.getFirst());
        makeDirectory(job, base, initialAdapter, resolved, verdicts, replay);
        jobs.queue(job, Json.text(json(resolved, method(job))), notes);
    }

    private String initialAdapter(Job job) {
        if (!job.continuesTunedModel()) {
            return "";
        }
        return models.tuned(job.startModel()).filter(tuned -> Files.isDirectory(tuned.adapter()))
                .map(tuned -> tuned.adapter().toString())
                .orElseThrow(() -> new Rejected("invalid_model", "The model " + job.model()
                        + ", from which the job was to continue, has been deleted; choose another model.", "model"));
    }

    private FileVerdict verdict(Job job, String id, FilePart part, ChatEncoder encoder, ModelConfig config)
            throws IOException {
        String kind = part == FilePart.TRAINING ? "training_file" : "validation_file";
        StoredFile file = files.find(id).orElseThrow(() -> new Rejected("invalid_" + kind,
                "The file " + id + " was deleted before it was checked; upload it again.", kind));
        JobTraining training = JobTraining.stored(job.training());
        int limit = training.limit(config.maxPositions());
        boolean made = training.overLength() != OverLength.REFUSE;
        if (job.method().equals(JobMethod.DPO)) {
            return FileVerdict.ofPairs(file, files.content(file), part, encoder, limit, made);
        }
        return FileVerdict.of(file, files.content(file), part, encoder, limit, made);
    }

    private static Hyperparameters resolve(Job job, ModelConfig config, FileVerdict training) {
        JsonNode wanted = Json.tree(job.hyperparameters());
        return AutoHyperparameters.resolve(config, training.rows(), training.tokens(),
                wanted.path("n_epochs").asInt(-1), wanted.path("batch_size").asInt(-1),
                wanted.path("learning_rate_multiplier").asDouble(-1));
    }

    private static TrainingMethod method(Job job) {
        return job.method().equals(JobMethod.DPO)
                ? new TrainingMethod.Dpo(
                        Json.tree(job.hyperparameters()).path("beta").asDouble(TrainingMethod.Dpo.AUTO_BETA))
                : TrainingMethod.SUPERVISED;
    }

    private void makeDirectory(Job job, BaseModels.Base base, String initialAdapter, Hyperparameters settings,
            List<FileVerdict> verdicts, Optional<FileVerdict> replay) throws IOException {
        FileVerdict training = verdicts.getFirst();
        @Nullable
        FileVerdict validation = job.validationFile() != null ? verdicts.get(1) : null;
        JobTraining wanted = JobTraining.stored(job.training());
        JobData data = JobData.training(training.file().sha256());
        LoraConfig adapter = AutoHyperparameters.adapter(ModelConfig.read(base.directory()));
        Tuning tuning = wanted.full()
                ? new Tuning.Full()
                : new Tuning.Lora(JobAdapter.config(
                        job.lora() == null ? null : (ObjectNode) Json.tree(job.lora()), adapter));
        JobSpec spec = JobSpec.of(job.id(), base.directory(), tuning, settings, job.seed())
                .withPrecision(AutoPrecision.of(base.directory(), tuning))
                .withBaseHash(BaseModel.hash(base.directory()))
                .withData(wanted.applyTo(validation == null ? data : data.withValidation(validation.file().sha256()),
                        replay.map(FileVerdict::file)))
                .watched(wanted.watch())
                .withMethod(method(job)).withVersions(Map.of("java", Runtime.version().toString()));
        if (!initialAdapter.isEmpty()) {
            spec = spec.from(Path.of(initialAdapter));
        }
        Path directory = home.jobs().resolve(job.id());
        deleteTree(directory);
        var others = new ArrayList<Path>();
        if (validation != null) {
            others.add(files.content(validation.file()));
        }
        replay.ifPresent(verdict -> others.add(files.content(verdict.file())));
        JobDirectory.create(directory, spec, files.content(training.file()), others.toArray(new Path[0]));
    }

    private Optional<FileVerdict> replay(Job job, BaseModels.Base base, ModelConfig config) throws IOException {
        String id = JobTraining.stored(job.training()).replayFile();
        if (id.isEmpty()) {
            return Optional.empty();
        }
        try (ChatEncoder encoder = ChatEncoder.open(base.directory())) {
            return Optional.of(verdict(job, id, FilePart.TRAINING, encoder, config));
        }
    }

    private static ObjectNode json(Hyperparameters settings, TrainingMethod method) {
        ObjectNode json = Json.object().put("batch_size", settings.batchSize());
        if (method instanceof TrainingMethod.Dpo dpo) {
            json.put("beta", dpo.beta());
        }
        return json.put("learning_rate_multiplier", settings.learningRateMultiplier()).put("n_epochs",
                settings.epochs());
    }

    private void fail(Job job, JobWire.JobError error, List<JobEvent.Draft> notes) {
        jobs.fail(job, JobStatus.VALIDATING_FILES, error, notes);
    }

    /** What an interrupted check left. */
    private static void deleteTree(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (var all = Files.walk(directory)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    private static final class Rejected extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient JobWire.JobError error;

        Rejected(String code, String message, String param) {
            super(message, null, false, false);
            this.error = new JobWire.JobError(code, message, param);
        }
    }
}
