package dev.attune.server.models;

import dev.attune.engine.model.ModelRef;
import dev.attune.server.protocol.ApiException;
import dev.attune.server.protocol.Request;
import dev.attune.server.protocol.Response;
import dev.attune.server.protocol.Route;
import dev.attune.server.protocol.Wire;
import dev.attune.server.store.Database;
import java.util.List;

/** {@code /v1/models}: list, get, delete. */
public final class ModelsApi {
    private static final String MODEL = "/v1/models/{model}";

    private final ModelCatalog models;
    private final Database database;
    private final Generations generations;

    public ModelsApi(ModelCatalog models, Database database, Generations generations) {
        this.models = models;
        this.database = database;
        this.generations = generations;
    }

    public List<Route> routes() {
        return List.of(Route.get("/v1/models", request -> Response.of(new ModelWire.ModelList("list", models.all()))),
                Route.get(MODEL, this::get), Route.delete(MODEL, this::delete));
    }

    private Response get(Request request) {
        String name = request.part("model");
        return Response.of(models.find(name).orElseThrow(() -> absent(name)));
    }

    /** Takes the name away; the adapter's files stay in the job's directory, which is the job's record. */
    private Response delete(Request request) {
        String name = request.part("model");
        TunedModel tuned = models.tuned(name).orElseThrow(() -> models.isBase(name)
                ? ApiException.badRequest("Only tuned models can be deleted; '" + name
                        + "' is a base model, remove its folder instead.", "model")
                : absent(name));
        if (!database.write(handle -> TunedModel.delete(handle, name))) {
            throw absent(name);
        }
        models.base(tuned.base()).ifPresent(
                base -> generations.evict(ModelRef.tuned(base.directory(), tuned.adapter())));
        return Response.of(new Wire.Deleted(name, "model", true));
    }

    private static ApiException absent(String name) {
        return ApiException.notFound("The model '" + name + "' does not exist", "model", "model_not_found");
    }
}
