package dev.attune.dataset.format;

import dev.attune.dataset.Problem;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a file record by record, in constant memory but for one record. Not thread-safe. */
interface RecordReader extends Closeable {

    /** Opens a file that is known to be of this container. */
    static RecordReader open(Path file, Container container) throws IOException {
        FileBytes bytes = FileBytes.open(file);
        return switch (container) {
            case Container.JsonLines lines -> new JsonLineRecords(bytes);
            case Container.JsonArray array -> new JsonValueRecords(bytes, true);
            case Container.JsonObjects objects -> new JsonValueRecords(bytes, false);
            case Container.Table table -> new TableRecords(bytes, table);
        };
    }

    /** The next record, or null at the end. */
    @Nullable
    SourceRow next() throws IOException;

    /** What is wrong with the file as a whole, complete once {@link #next} gave null. */
    List<Problem> fileProblems();
}
