package dev.attune.engine.hub;

import dev.attune.engine.EngineException;
import dev.attune.engine.config.ModelFileNames;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a hub knows of a model.
 *
 * @param commit that the revision stands for now
 */
record HubListing(String commit, List<HubFile> files) {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String SINGLE = "model.safetensors";
    private static final String CONFIG = "config.json";

    HubListing {
        files = List.copyOf(files);
    }

    static HubListing read(byte[] body, String model) {
        try {
            JsonNode json = JSON.readTree(body);
            var files = new ArrayList<HubFile>();
            for (JsonNode file : json.path("siblings")) {
                JsonNode large = file.path("lfs");
                String sha256 = large.path("sha256").asString("");
                String blob = file.path("blobId").asString("");
                files.add(new HubFile(file.path("rfilename").asString(""),
                        large.path("size").asLong(file.path("size").asLong(-1)),
                        !sha256.isEmpty()
                                ? new HubFile.Checksum.Sha256(sha256)
                                : blob.isEmpty() ? new HubFile.Checksum.None() : new HubFile.Checksum.GitBlob(blob)));
            }
            return new HubListing(json.path("sha").asString(""), files);
        } catch (JacksonException e) {
            throw new EngineException("The hub's answer about " + model
                    + " is not JSON; see that HF_ENDPOINT is the address of a hub.", e);
        }
    }

    private boolean has(String path) {
        return files.stream().anyMatch(file -> file.path().equals(path));
    }

    /**
     * The files that make the model: {@code config.json} last, so that a folder in the making is no model yet.
     *
     * @throws EngineException where there is no configuration, or no weights as safetensors
     */
    List<HubFile> needed(String model) {
        if (!has(CONFIG)) {
            throw new EngineException(model + " has no config.json, so it is not a model in Hugging Face layout"
                    + (files.stream().anyMatch(file -> file.path().equals("adapter_config.json"))
                            ? " but an adapter; pull its base model."
                            : "."));
        }
        boolean single = has(SINGLE);
        List<HubFile> needed = files.stream().filter(file -> ModelFileNames.isPart(file.path()))
                .filter(file -> !single || file.path().equals(SINGLE) || ModelFileNames.isText(file.path()))
                .sorted(Comparator.comparing((HubFile file) -> file.path().equals(CONFIG)).thenComparing(HubFile::path))
                .toList();
        if (needed.stream().noneMatch(file -> ModelFileNames.isWeights(file.path()))) {
            throw new EngineException(model + " has no weights as safetensors; choose a revision or a model that has."
                    + " (It has " + String.join(", ", weightsOfOtherKinds()) + ".)");
        }
        return needed;
    }

    private Set<String> weightsOfOtherKinds() {
        var kinds = new java.util.TreeSet<String>();
        files.stream().map(HubFile::path).filter(path -> path.matches(".*\\.(bin|pth|pt|onnx|gguf|h5|msgpack)"))
                .map(path -> path.substring(path.lastIndexOf('.'))).forEach(kinds::add);
        return kinds.isEmpty() ? Set.of("no weights at all") : kinds;
    }
}
