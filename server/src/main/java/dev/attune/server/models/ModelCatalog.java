package dev.attune.server.models;

import dev.attune.engine.model.ModelRef;
import dev.attune.server.protocol.ApiException;
import dev.attune.server.protocol.Caller;
import dev.attune.server.store.Database;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Every model that can be named: the base models in the folders, and what jobs have made of them. Thread-safe.
 */
public final class ModelCatalog {
    private final BaseModels bases;
    private final Database database;
    private final String organization;
    private final Map<String, String> map;

    /** @param map names that stand for other models, unless a base model has them */
    public ModelCatalog(BaseModels bases, Database database, String organization, Map<String, String> map) {
        this.bases = bases;
        this.database = database;
        this.organization = organization;
        this.map = new TreeMap<>(map);
    }

    /** The name of the model that a name stands for: mostly itself. */
    public String meant(String name) {
        return map.containsKey(name) && bases.find(name).isEmpty() ? map.getOrDefault(name, name) : name;
    }

    /** Base models by name, then the names that stand for others, then tuned models as they were made. */
    List<ModelWire.Model> all() {
        var models = new ArrayList<ModelWire.Model>();
        bases.all().forEach(base -> models.add(wire(base)));
        map.keySet().stream().filter(name -> bases.find(name).isEmpty()).flatMap(name -> find(name).stream())
                .forEach(models::add);
        database.read(TunedModel::all).forEach(tuned -> models.add(wire(tuned)));
        return models;
    }

    public Optional<ModelWire.Model> find(String name) {
        String meant = meant(name);
        return bases.find(meant).map(ModelCatalog::wire).or(() -> tuned(meant).map(this::wire))
                .map(model -> new ModelWire.Model(name, model.object(), model.created(), model.ownedBy(),
                        model.shutdownDate()));
    }

    public Optional<TunedModel> tuned(String name) {
        return database.read(handle -> TunedModel.find(handle, name));
    }

    boolean isBase(String name) {
        return bases.find(name).isPresent();
    }

    /**
     * What the engine needs to speak with a model.
     *
     * @throws ApiException 404 where there is no such model, 400 where its files are not there
     */
    public ModelRef speaker(String asked) {
        String name = meant(asked);
        Optional<BaseModels.Base> base = bases.find(name);
        if (base.isPresent()) {
            return ModelRef.base(usable(base.get(), "model").directory());
        }
        TunedModel tuned = tuned(name).orElseThrow(() -> ApiException.notFound("The model `" + asked
                + "` does not exist or you do not have access to it.", null, "model_not_found"));
        return reference(tuned);
    }

    /**
     * The base model below a model that is to be tuned.
     *
     * @return its name
     * @throws ApiException 400 where the model is not known or cannot be trained
     */
    public String tunable(String asked) {
        String name = meant(asked);
        Optional<TunedModel> tuned = tuned(name);
        String baseName = tuned.map(TunedModel::base).orElse(name);
        BaseModels.Base base = bases.find(baseName).orElseThrow(() -> ApiException.badRequest("Model " + asked
                + " is not available for fine-tuning or does not exist.", "model", "model_not_available"));
        usable(base, "model");
        tuned.ifPresent(this::reference);
        if (tuned.map(TunedModel::isWhole).orElse(false)) {
            throw ApiException.badRequest(
                    "All weights of the model " + asked + " were trained; to go on from it, export it"
                            + " (attune models export --format hf) into a model folder and name that.",
                    "model",
                    "model_not_available");
        }
        return base.name();
    }

    /** The directory of a base model that a job trains; empty where it has gone. */
    public Optional<BaseModels.Base> base(String name) {
        return bases.find(name);
    }

    private ModelRef reference(TunedModel tuned) {
        BaseModels.Base base = bases.find(tuned.base()).orElseThrow(() -> ApiException.badRequest("The model `"
                + tuned.name() + "` needs the base model `" + tuned.base()
                + "`, which is in none of the server's model folders; copy it back.", "model", "model_not_available"));
        usable(base, "model");
        if (!Files.isDirectory(tuned.adapter())) {
            throw ApiException.badRequest("What was trained of the model `" + tuned.name() + "` is no longer at "
                    + tuned.adapter() + "; restore it, or delete the model.", "model", "model_not_available");
        }
        return tuned.isWhole()
                ? ModelRef.base(tuned.adapter())
                : ModelRef.tuned(base.directory(), tuned.adapter());
    }

    private static BaseModels.Base usable(BaseModels.Base base, String param) {
        String fault = base.fault();
        if (!fault.isEmpty()) {
            throw ApiException.badRequest(fault, param, "model_not_available");
        }
        return base;
    }

    private static ModelWire.Model wire(BaseModels.Base base) {
        return new ModelWire.Model(base.name(), "model", base.created(), "attune", null);
    }

    private ModelWire.Model wire(TunedModel tuned) {
        return new ModelWire.Model(tuned.name(), "model", tuned.createdAt(), Caller.now().slug(organization), null);
    }
}
