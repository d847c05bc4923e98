package dev.attune.engine.export;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What is to be exported, and where to.
 *
 * @param base directory of the base model
 * @param adapter PEFT directory, where the model is a tuned one
 * @param type how numbers are stored; as in the base model where none is given
 * @param adapterOnly whether only the adapter is written, as GGUF
 * @param out a directory; new for {@link ExportFormat#PEFT} and {@link ExportFormat#HF}, new or existing for
 *        {@link ExportFormat#GGUF}, of which it then holds one more file
 * @param name of the model, for the file and for {@code general.name}
 */
public record ExportRequest(Path base, Optional<Path> adapter, ExportFormat format, Optional<NumberType> type,
        boolean adapterOnly, Path out, String name) {
    public ExportRequest {
        base = base.toAbsolutePath().normalize();
        out = out.toAbsolutePath().normalize();
        adapter = adapter.map(dir -> dir.toAbsolutePath().normalize());
    }
}
