package dev.attune.engine.export;

import dev.attune.engine.EngineException;
import dev.attune.engine.config.ModelConfig;
import dev.attune.engine.model.LoraAdapter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Copies an adapter whole, after it was seen to fit its base model. */
final class PeftExport {
    private PeftExport() {}

    static ExportReport run(ExportRequest request) {
        Path adapter = request.adapter().orElseThrow(() -> new EngineException(request.base()
                + " is a base model and has no adapter; export it as hf or gguf."));
        ModelConfig config = ModelConfig.read(request.base());
        int tensors;
        try (LoraAdapter fits = LoraAdapter.load(adapter, config, false)) {
            tensors = fits.parameters().slots().size();
        }
        List<Path> files = files(adapter);
        long bytes = files.stream().mapToLong(PeftExport::size).sum();
        Staging.directory(request.out(), bytes, aside -> {
            for (Path file : files) {
                Path copy = aside.resolve(file.getFileName());
                Files.copy(file, copy);
                if (Files.mismatch(file, copy) >= 0) {
                    throw new EngineException(copy + " is not what was copied; the disk did not keep it, so try another"
                            + " one.");
                }
            }
            LoraAdapter.load(aside, config, false).close();
        });
        return new ExportReport(request.out(), bytes, tensors, "as trained", Optional.empty(), List.of());
    }

    private static List<Path> files(Path adapter) {
        try (var entries = Files.list(adapter)) {
            return entries.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new EngineException(adapter + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new EngineException(file + " cannot be read: " + e.getMessage(), e);
        }
    }
}
