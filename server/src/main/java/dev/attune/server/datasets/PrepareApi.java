package dev.attune.server.datasets;

import dev.attune.dataset.DatasetException;
import dev.attune.dataset.format.TargetFormat;
import dev.attune.dataset.prepare.Preparation;
import dev.attune.dataset.prepare.PrepareReport;
import dev.attune.server.files.Contents;
import dev.attune.server.files.FileRules;
import dev.attune.server.files.FileStore;
import dev.attune.server.files.FileWire;
import dev.attune.server.files.StoredFile;
import dev.attune.server.protocol.ApiException;
import dev.attune.server.protocol.Json;
import dev.attune.server.protocol.Request;
import dev.attune.server.protocol.Response;
import dev.attune.server.protocol.Route;
import dev.attune.server.protocol.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * {@code /attune/v1/datasets/prepare}: what {@code attune prepare} does, of a stored file into new stored files. The answer
 * names the files and holds the report.
 */
public final class PrepareApi {
    private static final int MAX_BODY_BYTES = 64 << 10;
    /** A split holds all rows in memory. */
    private static final long MOST_SPLIT_BYTES = 64L << 20;
    private static final Pattern OPTION = Pattern.compile("--([a-z]+(?:-[a-z]+)*)");

    private final FileStore files;
    private final Contents contents;
    private final Path scratch;

    /** @param scratch where a file stands under a name of its own while it is prepared */
    public PrepareApi(FileStore files, Contents contents, Path scratch) {
        this.files = files;
        this.contents = contents;
        this.scratch = scratch;
    }

    /** The files that were made, and what was done to their rows. */
    record Prepared(String object, List<Part> data, JsonNode report) implements Wire {}

    /** One of the files: {@code train}, {@code validation}, {@code test}, or the {@code changes}, row by row. */
    record Part(String part, int rows, FileWire.FileObject file) implements Wire {}

    public List<Route> routes() {
        return List.of(Route.post("/attune/v1/datasets/prepare", this::prepare));
    }

    private Response prepare(Request request) throws IOException {
        PrepareRequest wanted = PrepareRequest.of(request.fields(MAX_BODY_BYTES));
        String id = wanted.fileId();
        StoredFile file = files.find(id).orElseThrow(
                () -> ApiException.notFound("No such File object: " + id, "file_id", null));
        if (wanted.split().isPresent() && file.bytes() > MOST_SPLIT_BYTES) {
            throw ApiException.badRequest("The file " + id + " has " + file.bytes() + " bytes; at most "
                    + MOST_SPLIT_BYTES + " are split here, so leave 'split' out, or use attune prepare.", "split");
        }
        Path folder = Files.createTempDirectory(scratch, "prepare");
        Path named = folder.resolve("in-" + file.filename().replaceAll("[^A-Za-z0-9._-]", "_"));
        Path out = folder.resolve("out");
        try {
            Files.createLink(named, files.content(file));
            PrepareReport report = new Preparation(wanted.plan(named)).run(out, false);
            JsonNode told = Json.tree(Files.readString(out.resolve("report.json")).replace(named.toString(), id)
                    .replace(out + "/", ""));
            return Response.of(new Prepared("attune.prepared", keep(report, out, file, wanted.format()), told));
        } catch (DatasetException e) {
            String why = String.valueOf(e.getMessage()).replace(named.toString(), id)
                    .replace(named.getFileName().toString(), id).replace(folder + "/", "");
            throw ApiException.badRequest(OPTION.matcher(why)
                    .replaceAll(option -> "'" + option.group(1).replace('-', '_') + "'"), "file_id");
        } finally {
            delete(folder);
        }
    }

    /** Stores what was made; all of it, or nothing. */
    private List<Part> keep(PrepareReport report, Path out, StoredFile from, TargetFormat format) throws IOException {
        String purpose = format == TargetFormat.CHAT || format == TargetFormat.PREFERENCE ? "fine-tune" : "user_data";
        String stem = from.filename().replaceFirst("(\\.[A-Za-z0-9]{1,6}){1,2}$", "");
        var made = new ArrayList<StoredFile>();
        var parts = new ArrayList<Part>();
        boolean whole = false;
        try {
            for (PrepareReport.Part part : report.parts()) {
                String name = String.valueOf(part.file().getFileName());
                StoredFile stored = store(part.file(), stem + "-" + name, purpose);
                made.add(stored);
                parts.add(new Part(name.substring(0, name.indexOf('.')), part.rows(), stored.wire()));
            }
            Path changes = out.resolve("changes.jsonl");
            if (Files.exists(changes) && Files.size(changes) > 0) {
                StoredFile stored = store(changes, stem + "-changes.jsonl", "user_data");
                made.add(stored);
                try (Stream<String> lines = Files.lines(changes)) {
                    parts.add(new Part("changes", (int) lines.count(), stored.wire()));
                }
            }
            whole = true;
            return parts;
        } finally {
            if (!whole) {
                made.forEach(files::delete);
            }
        }
    }

    private StoredFile store(Path file, String name, String purpose) throws IOException {
        try (Contents.Received received = contents.receive(to -> Files.copy(file, to), FileRules.MAX_FILE_BYTES)) {
            return files.add(received, name, purpose, null);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
