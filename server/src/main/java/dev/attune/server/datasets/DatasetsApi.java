package dev.attune.server.datasets;

import dev.attune.dataset.CostEstimate;
import dev.attune.dataset.DatasetException;
import dev.attune.dataset.PriceList;
import dev.attune.dataset.TokenCounter;
import dev.attune.dataset.TokenStatistics;
import dev.attune.dataset.report.FileChecker;
import dev.attune.dataset.report.JsonReport;
import dev.attune.dataset.target.Provider;
import dev.attune.dataset.target.Target;
import dev.attune.engine.config.ModelConfig;
import dev.attune.engine.model.ModelRef;
import dev.attune.engine.train.AutoHyperparameters;
import dev.attune.server.files.FileStore;
import dev.attune.server.files.StoredFile;
import dev.attune.server.models.Generations;
import dev.attune.server.models.ModelCatalog;
import dev.attune.server.protocol.ApiException;
import dev.attune.server.protocol.Document;
import dev.attune.server.protocol.Fields;
import dev.attune.server.protocol.Json;
import dev.attune.server.protocol.Request;
import dev.attune.server.protocol.Response;
import dev.attune.server.protocol.Route;
import dev.attune.server.protocol.UnknownKeys;
import dev.attune.text.OpenAiTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code /attune/v1/datasets/check} and {@code /attune/v1/estimate}: the report of {@code attune check} on an uploaded
 * file, and what tuning on it takes. They share the checks with the command line, so that both say the same.
 */
public final class DatasetsApi {
    private static final int MAX_BODY_BYTES = 64 << 10;
    /** As the command line has it: tokens a second times parameters, on one core. */
    private static final double TOKENS_TIMES_PARAMETERS = 1.2e10;

    private final FileStore files;
    private final ModelCatalog models;
    private final Generations generations;
    private final Path scratch;

    /** @param scratch where a file stands under its own name while it is looked at */
    public DatasetsApi(FileStore files, ModelCatalog models, Generations generations, Path scratch) {
        this.files = files;
        this.models = models;
        this.generations = generations;
        this.scratch = scratch;
    }

    public List<Route> routes() {
        return List.of(Route.post("/attune/v1/datasets/check", request -> {
            Fields body = request.fields(MAX_BODY_BYTES);
            UnknownKeys.refuse(body, Set.of("file_id", "model", "n_epochs"));
            return Response.of(new Document(report(body, "file_id")));
        }), Route.post("/attune/v1/estimate", this::estimate));
    }

    private Response estimate(Request request) throws IOException {
        Fields body = request.fields(MAX_BODY_BYTES);
        UnknownKeys.refuse(body, Set.of("training_file", "model", "n_epochs"));
        JsonNode file = report(body, "training_file").path("files").path(0);
        if (!(file.path("estimate") instanceof ObjectNode estimate)) {
            throw ApiException.badRequest(
                    "The file has no row that can be counted; /attune/v1/datasets/check says why.",
                    "training_file");
        }
        estimate.put("object", "attune.estimate").put("examples", file.path("examples").asInt());
        return Response.of(new Document(estimate));
    }

    private JsonNode report(Fields body, String key) throws IOException {
        String id = body.required(key);
        StoredFile file = files.find(id).orElseThrow(
                () -> ApiException.notFound("No such File object: " + id, key, null));
        int epochs = (int) body.integer("n_epochs", 1, 50, -1);
        FileChecker checker = checker(body.required("model"), epochs);
        Path folder = Files.createTempDirectory(scratch, "check");
        Path named = folder.resolve(file.filename().isEmpty() ? "file.jsonl" : file.filename());
        try {
            Files.createLink(named, files.content(file));
            return Json.tree(JsonReport.of(checker.scratch(folder).check(List.of(named), List.of()))
                    .replace(named.toString(), id));
        } finally {
            Files.deleteIfExists(named);
            Files.deleteIfExists(folder);
        }
    }

    private FileChecker checker(String model, int epochs) {
        if (models.find(model).isPresent()) {
            ModelRef speaker = models.speaker(model);
            var encoder = generations.encoder(speaker);
            return new FileChecker(Target.attune(model, generations.contextLength(speaker)), TokenCounter.of(encoder),
                    report -> local(model, speaker.base(), report.tokens(), epochs), LocalDate.now());
        }
        Target target;
        try {
            target = model.contains(":")
                    ? Target.parse(model)
                    : Target.openAi(model).orElseThrow(() -> unknown(model));
        } catch (DatasetException e) {
            throw unknown(model);
        }
        if (target.provider() == Provider.ATTUNE) {
            throw unknown(model);
        }
        PriceList prices = target.provider() == Provider.OPENAI ? PriceList.shipped() : PriceList.NONE;
        return new FileChecker(target, TokenCounter.openAi(OpenAiTokenizer.forModel(target.model()), target.model()),
                report -> report.estimate(epochs, prices), LocalDate.now());
    }

    private static ApiException unknown(String model) {
        return ApiException.notFound("The model '" + model
                + "' does not exist; name one of this server, openai:MODEL or azure:MODEL.", "model",
                "model_not_found");
    }

    private static CostEstimate local(String name, Path directory, TokenStatistics tokens, int epochs) {
        long total = tokens.perRow().stream().mapToLong(row -> row.total()).sum();
        int passes = AutoHyperparameters.resolve(ModelConfig.read(directory), tokens.perRow().size(), total, epochs, -1,
                -1).epochs();
        return CostEstimate.local(name, tokens.perRow(), passes,
                TOKENS_TIMES_PARAMETERS * Runtime.getRuntime().availableProcessors() / parameters(directory));
    }

    /** From the size of the weights: two bytes each. */
    private static double parameters(Path directory) {
        long bytes = 0;
        try (var weights = Files.newDirectoryStream(directory, "*.safetensors")) {
            for (Path file : weights) {
                bytes += Files.size(file);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return Math.max(1, bytes / 2.0);
    }
}
