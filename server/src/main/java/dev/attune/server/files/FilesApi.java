package dev.attune.server.files;

import dev.attune.server.protocol.ApiError;
import dev.attune.server.protocol.ApiException;
import dev.attune.server.protocol.LimitedOutput;
import dev.attune.server.protocol.Request;
import dev.attune.server.protocol.Response;
import dev.attune.server.protocol.Route;
import dev.attune.server.protocol.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code /v1/files}: upload, list, get, content, delete. */
public final class FilesApi {
    private static final int MAX_FIELD_BYTES = 4096;
    private static final int MAX_LIMIT = 10_000;
    private final FileStore files;
    private final Contents contents;

    public FilesApi(FileStore files, Contents contents) {
        this.files = files;
        this.contents = contents;
    }

    public List<Route> routes() {
        return List.of(Route.post("/v1/files", this::upload), Route.get("/v1/files", this::list),
                Route.get("/v1/files/{file}", request -> Response.of(find(request).wire())),
                Route.get("/v1/files/{file}/content", this::content), Route.delete("/v1/files/{file}", this::delete));
    }

    static ApiException tooLarge() {
        return new ApiException(413,
                ApiError.invalidRequest("The file is larger than 512 MB (" + FileRules.MAX_FILE_BYTES
                        + " bytes), the most that can be uploaded; split it.", "file", "file_too_large"));
    }

    private Response upload(Request request) throws IOException {
        if (request.contentLength() > FileRules.MAX_FILE_BYTES + (1 << 20)) {
            throw tooLarge();
        }
        files.deleteExpired();
        var fields = new HashMap<String, String>();
        var multipart = Multipart.of(request);
        Contents.@Nullable Received content = null;
        String filename = "";
        try {
            for (var part = multipart.next(); part != Multipart.Part.END; part = multipart.next()) {
                if (part.name().equals("file")) {
                    if (content != null) {
                        throw ApiException.badRequest("The request holds more than one file; upload them one by one.",
                                "file");
                    }
                    content = contents.receive(multipart::copy, FileRules.MAX_FILE_BYTES);
                    filename = part.filename();
                } else {
                    fields.put(part.name(), field(multipart, part.name()));
                }
            }
            if (content == null) {
                throw ApiException.badRequest("'file' is a required property", "file", "missing_required_parameter");
            }
            return Response.of(accept(content, filename, fields).wire());
        } finally {
            if (content != null) {
                content.close();
            }
        }
    }

    private StoredFile accept(Contents.Received content, String filename, Map<String, String> fields)
            throws IOException {
        String purpose = FileRules.purpose(fields.getOrDefault("purpose", ""));
        Long secondsToLive = FileRules.secondsToLive(fields, purpose);
        String name = FileRules.basename(filename);
        if (purpose.equals("fine-tune")) {
            name = name.isEmpty() ? "upload.jsonl" : name;
            TrainingUpload.check(name, content);
        }
        return files.add(content, name.isEmpty() ? "upload" : name, purpose, secondsToLive);
    }

    private Response list(Request request) {
        String order = request.query("order");
        if (!order.isEmpty() && !order.equals("asc") && !order.equals("desc")) {
            throw ApiException.badRequest("Invalid 'order': expected 'asc' or 'desc', but got '" + order
                    + "' instead.", "order");
        }
        String after = request.query("after");
        StoredFile last = after.isEmpty() ? null : files.find(after).orElseThrow(() -> absent(after, 400, "after"));
        var page = files.list(request.query("purpose"), order.equals("asc"), last, request.limit(MAX_LIMIT, MAX_LIMIT))
                .map(StoredFile::wire);
        List<FileWire.FileObject> data = page.items();
        return Response.of(new FileWire.FileList("list", data, data.isEmpty() ? "" : data.getFirst().id(),
                data.isEmpty() ? "" : data.getLast().id(), page.hasMore()));
    }

    private Response content(Request request) {
        StoredFile file = find(request);
        return new Response.Content(files.content(file), "application/octet-stream", file.filename());
    }

    private Response delete(Request request) {
        StoredFile file = find(request);
        if (!files.delete(file)) {
            throw absent(file.id(), 404, "id");
        }
        return Response.of(new Wire.Deleted(file.id(), "file", true));
    }

    private StoredFile find(Request request) {
        String id = request.part("file");
        return files.find(id).orElseThrow(() -> absent(id, 404, "id"));
    }

    private static ApiException absent(String id, int status, String param) {
        return new ApiException(status, ApiError.invalidRequest("No such File object: " + id, param, null));
    }

    private static String field(Multipart multipart, String name) throws IOException {
        var bytes = new ByteArrayOutputStream();
        multipart.copy(new LimitedOutput(bytes, MAX_FIELD_BYTES, () -> ApiException
                .badRequest("The part '" + name + "' is longer than " + MAX_FIELD_BYTES + " bytes.", name)));
        return bytes.toString(java.nio.charset.StandardCharsets.UTF_8).strip();
    }
}
