package dev.attune.dataset.prepare;

import dev.attune.dataset.Row;
import dev.attune.dataset.format.Converter;
import dev.attune.dataset.format.DataFiles;
import dev.attune.dataset.format.TargetFormat;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One of the files that are made: rows are written as they come, as chat JSON Lines first, and at the end in the format that is
 * wanted. Not thread-safe; whoever makes one closes it.
 */
final class PartFile implements AutoCloseable {
    private final String fileName;
    private final TargetFormat format;
    private final Set<String> unwritten;
    private final OutputFolder folder;
    private final Path chat;
    private final Writer out;
    private int rows;

    /** @param name of the file, without its ending */
    PartFile(String name, PreparePlan plan, OutputFolder folder) throws IOException {
        this.fileName = name + plan.format().ending();
        this.format = plan.format();
        this.unwritten = plan.unwrittenKeys();
        this.folder = folder;
        this.chat = folder.scratch(name + "-chat.jsonl");
        this.out = Files.newBufferedWriter(chat);
    }

    void row(Row row) throws IOException {
        out.write(unwritten.isEmpty() ? row.json() : PrepareJson.line(without(row.raw())));
        out.write('\n');
        rows++;
    }

    private Map<String, Object> without(Map<String, Object> row) {
        var map = new LinkedHashMap<>(row);
        map.keySet().removeAll(unwritten);
        return map;
    }

    /** Puts the file into the folder; nothing where no row came. */
    Optional<PrepareReport.Part> finish() throws IOException {
        out.close();
        if (rows == 0) {
            return Optional.empty();
        }
        if (format == TargetFormat.CHAT) {
            return Optional.of(new PrepareReport.Part(folder.keep(chat, fileName), rows));
        }
        Converter.to(format).convert(DataFiles.detect(chat), folder.part(fileName));
        return Optional.of(new PrepareReport.Part(folder.path(fileName), rows));
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
