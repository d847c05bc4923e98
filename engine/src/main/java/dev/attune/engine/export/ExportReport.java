package dev.attune.engine.export;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What was written, read back and compared.
 *
 * @param written the directory or file
 * @param bytes its size
 * @param tensors how many tensors were compared
 * @param type how most numbers are stored
 * @param difference between the logits of the model as it was and as it was written; empty where an adapter alone was
 * @param remarks what is good to know, a sentence each
 */
public record ExportReport(Path written, long bytes, int tensors, String type, Optional<LogitDifference> difference,
        List<String> remarks) {
    public ExportReport {
        remarks = List.copyOf(remarks);
    }
}
