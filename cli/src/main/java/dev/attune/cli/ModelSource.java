package dev.attune.cli;

import dev.attune.engine.train.JobDirectory;
import dev.attune.server.models.TunedModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * A model of this machine, however it was named: a base model's name or folder, an adapter's folder, a job's folder or id,
 * or a tuned model's name.
 *
 * @param adapter in PEFT layout, where the model is a tuned one
 * @param name short, for files
 */
record ModelSource(Path base, Optional<Path> adapter, String name) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /**
     * Finds a model.
     *
     * @param base the name or folder of its base model, or empty to take what the adapter says
     * @param folders where base models are
     * @throws CommandException where there is none, or its base is not here
     */
    static ModelSource find(String model, String base, Path home, List<Path> folders) {
        if (model.startsWith("ft:")) {
            TunedModels.Found found = TunedModels.find(home, model).orElseThrow(() -> unknownTuned(model, home));
            return new ModelSource(base(base.isEmpty() ? found.base() : base, folders), Optional.of(found.adapter()),
                    model.replace(':', '-'));
        }
        Path path = Path.of(model);
        Path job = Files.isRegularFile(path.resolve("job.json")) ? path : home.resolve("jobs").resolve(model);
        if (Files.isRegularFile(job.resolve("job.json"))) {
            return ofJob(job, base, folders);
        }
        if (Files.isRegularFile(path.resolve("adapter_config.json"))) {
            return new ModelSource(base(base.isEmpty() ? saidBase(path) : base, folders), Optional.of(path),
                    name(path));
        }
        Path directory = BaseModels.find(model, folders).orElseThrow(() -> BaseModels.unknown(model, folders));
        if (!base.isEmpty()) {
            throw new CommandException(model + " is a base model itself: leave --base out", CommandException.USAGE);
        }
        return new ModelSource(directory, Optional.empty(), name(directory));
    }

    private static ModelSource ofJob(Path directory, String base, List<Path> folders) {
        JobDirectory job = JobDirectory.open(directory);
        Path adapter = job.result().resolve("adapter");
        if (!Files.isDirectory(adapter)) {
            throw new CommandException("the job " + job.spec().jobId() + " has no result yet: wait for it, or give the"
                    + " adapter of one of its checkpoints");
        }
        return new ModelSource(base.isEmpty() ? job.spec().base() : base(base, folders), Optional.of(adapter),
                job.spec().jobId());
    }

    private static CommandException unknownTuned(String model, Path home) {
        List<String> names = TunedModels.all(home).stream().map(TunedModels.Found::name).toList();
        return new CommandException("there is no tuned model '" + model + "' in " + home + (names.isEmpty()
                ? " (it has none): give --home the home of the server that tuned it"
                : ": give --home another home, or one of " + String.join(", ", names)));
    }

    private static Path base(String named, List<Path> folders) {
        if (named.isEmpty()) {
            throw new CommandException("the adapter does not say what it was made for: give --base its base model");
        }
        String last = named.substring(named.lastIndexOf('/') + 1);
        return BaseModels.find(named, folders).or(() -> BaseModels.find(last, folders))
                .orElseThrow(() -> new CommandException("the base model '" + named
                        + "' is not here: give --base its folder, or fetch it with 'attune models pull'"));
    }

    private static String saidBase(Path adapter) {
        try {
            return JSON.readTree(adapter.resolve("adapter_config.json")).path("base_model_name_or_path").asString("");
        } catch (JacksonException e) {
            throw new CommandException(
                    adapter.resolve("adapter_config.json") + " is not readable JSON: copy the adapter"
                            + " again",
                    e);
        }
    }

    private static String name(Path directory) {
        try {
            Path real = directory.toRealPath();
            boolean plain = List.of("adapter", "result").contains(String.valueOf(real.getFileName()));
            return String.valueOf(plain && real.getParent() != null
                    ? real.getParent().getFileName()
                    : real.getFileName());
        } catch (IOException e) {
            return String.valueOf(directory.getFileName());
        }
    }
}
