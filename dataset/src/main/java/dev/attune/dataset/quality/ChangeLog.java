package dev.attune.dataset.quality;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** The changes to one file, written to a log as they happen and counted. Not thread-safe; whoever opens it closes it. */
final class ChangeLog implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final BufferedWriter writer;
    private final Map<String, Integer> counts = new LinkedHashMap<>();
    private final List<Change> first = new ArrayList<>();

    ChangeLog(Path file) throws IOException {
        this(Files.newBufferedWriter(file));
    }

    /** A log that is not kept. */
    static ChangeLog nowhere() {
        return new ChangeLog(new BufferedWriter(Writer.nullWriter()));
    }

    private ChangeLog(BufferedWriter writer) {
        this.writer = writer;
    }

    /** A text that became another: shown from the first place where they differ. */
    void changed(String code, int line, String pointer, String before, String after) {
        int at = 0;
        int shorter = Math.min(before.length(), after.length());
        while (at < shorter && before.charAt(at) == after.charAt(at)) {
            at++;
        }
        add(new Change(code, line, pointer, Excerpt.around(before, at).shown(), Excerpt.around(after, at).shown()));
    }

    /** A piece that was taken away. */
    void removed(String code, int line, String pointer, String before) {
        add(new Change(code, line, pointer, Excerpt.of(before).shown(), ""));
    }

    private void add(Change change) {
        counts.merge(change.code(), 1, Integer::sum);
        if (first.size() < FixReport.MOST_SHOWN) {
            first.add(change);
        }
        try {
            writer.write(JSON.writeValueAsString(change));
            writer.write('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Map<String, Integer> counts() {
        return counts;
    }

    List<Change> first() {
        return first;
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }
}
