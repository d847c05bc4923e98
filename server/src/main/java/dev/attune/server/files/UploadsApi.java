package dev.attune.server.files;

import dev.attune.server.protocol.ApiError;
import dev.attune.server.protocol.ApiException;
import dev.attune.server.protocol.Fields;
import dev.attune.server.protocol.LimitedOutput;
import dev.attune.server.protocol.Request;
import dev.attune.server.protocol.Response;
import dev.attune.server.protocol.Route;
import dev.attune.server.store.Hash;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** {@code /v1/uploads}: create, parts in any order and side by side, complete, cancel. */
public final class UploadsApi {
    /** The most bytes a file can have that comes in parts. */
    static final long MAX_UPLOAD_BYTES = 8L << 30;
    /** The most bytes a part can have. */
    static final long MAX_PART_BYTES = 64L << 20;
    private static final int MAX_BODY_BYTES = 1 << 20;
    private static final String UPLOAD = "/v1/uploads/{upload}";

    private final UploadStore uploads;
    private final FileStore files;
    private final Contents contents;

    public UploadsApi(UploadStore uploads, FileStore files, Contents contents) {
        this.uploads = uploads;
        this.files = files;
        this.contents = contents;
    }

    public List<Route> routes() {
        return List.of(Route.post("/v1/uploads", this::create), Route.post(UPLOAD + "/parts", this::part),
                Route.post(UPLOAD + "/complete", this::complete), Route.post(UPLOAD + "/cancel", this::cancel));
    }

    private Response create(Request request) throws IOException {
        uploads.expire();
        Fields body = request.fields(MAX_BODY_BYTES);
        body.refuseExtra(Set.of("filename", "purpose", "bytes", "mime_type", "expires_after"));
        String filename = FileRules.basename(body.required("filename"));
        String purpose = FileRules.purpose(body.required("purpose"));
        if (!body.has("bytes")) {
            throw body.missing("bytes");
        }
        long bytes = body.integer("bytes", 1, MAX_UPLOAD_BYTES, 1);
        String mimeType = body.required("mime_type");
        if (purpose.equals("fine-tune")) {
            TrainingUpload.checkName(filename);
        }
        return Response.of(uploads.create(filename.isEmpty() ? "upload" : filename, purpose, mimeType, bytes,
                FileRules.secondsToLive(body, "expires_after", purpose)).wire(null));
    }

    private Response part(Request request) throws IOException {
        Upload upload = pending(request);
        if (request.contentLength() > MAX_PART_BYTES + (1 << 20)) {
            throw partTooLarge();
        }
        long before = uploads.parts(upload.id()).stream().mapToLong(Upload.Part::bytes).sum();
        if (before > upload.bytes() + MAX_PART_BYTES) {
            throw ApiException.badRequest(
                    "The parts of " + upload.id() + " have " + before + " bytes already, more than"
                            + " the " + upload.bytes() + " that the upload was created with; complete or cancel it.",
                    "data");
        }
        var multipart = Multipart.of(request);
        for (var part = multipart.next(); part != Multipart.Part.END; part = multipart.next()) {
            if (part.name().equals("data")) {
                try (Contents.Received received = contents.receive(limited(multipart), Long.MAX_VALUE)) {
                    Upload.Part kept = uploads.add(upload, received).orElseThrow(() -> ended(upload.id()));
                    return Response
                            .of(new FileWire.UploadPart(kept.id(), "upload.part", kept.createdAt(), upload.id()));
                }
            }
        }
        throw ApiException.badRequest("'data' is a required property", "data", "missing_required_parameter");
    }

    private static Contents.Writer limited(Multipart multipart) {
        return out -> multipart.copy(new LimitedOutput(out, MAX_PART_BYTES, UploadsApi::partTooLarge));
    }

    private Response complete(Request request) throws IOException {
        Fields body = request.fields(MAX_BODY_BYTES);
        body.refuseExtra(Set.of("part_ids", "md5"));
        Upload found = find(request);
        if (found.status().equals(Upload.COMPLETED) && isRetry(request)) {
            return answer(found);
        }
        Upload upload = pending(request);
        List<Upload.Part> parts = ordered(upload, body);
        long bytes = parts.stream().mapToLong(Upload.Part::bytes).sum();
        if (bytes != upload.bytes()) {
            throw ApiException.badRequest("The parts have " + bytes + " bytes together, but the upload was created with"
                    + " " + upload.bytes() + "; name every part, or create an upload of the right size.", "part_ids");
        }
        MessageDigest md5 = Hash.md5();
        try (Contents.Received whole = contents.receive(out -> join(upload, parts, md5, out), MAX_UPLOAD_BYTES)) {
            String expected = body.text("md5", "").toLowerCase(Locale.ROOT);
            String actual = HexFormat.of().formatHex(md5.digest());
            if (!expected.isEmpty() && !expected.equals(actual)) {
                throw ApiException.badRequest("The file's MD5 is " + actual + ", not '" + expected
                        + "'; send the parts again, or name them in their order.", "md5");
            }
            if (upload.purpose().equals("fine-tune")) {
                TrainingUpload.check(upload.filename(), whole);
            }
            boolean done = files.addWith(whole, upload.filename(), upload.purpose(), upload.secondsToLive(),
                    (handle, file) -> UploadStore.end(handle, upload.id(), Upload.COMPLETED, file.id()));
            if (!done) {
                throw ended(upload.id());
            }
        }
        uploads.removeParts(upload.id());
        return answer(find(request));
    }

    private List<Upload.Part> ordered(Upload upload, Fields body) {
        if (!body.has("part_ids")) {
            throw body.missing("part_ids");
        }
        Map<String, Upload.Part> known = new HashMap<>();
        uploads.parts(upload.id()).forEach(part -> known.put(part.id(), part));
        var named = new HashSet<String>();
        return body.array("part_ids").stream().map(JsonNode::asString).map(id -> {
            Upload.Part part = known.get(id);
            if (part == null || !named.add(id)) {
                throw ApiException.badRequest(part == null
                        ? "The upload " + upload.id() + " has no part '" + id + "'."
                        : "The part '" + id + "' is named twice.", "part_ids");
            }
            return part;
        }).toList();
    }

    private void join(Upload upload, List<Upload.Part> parts, MessageDigest md5, OutputStream out) throws IOException {
        var digested = new DigestOutputStream(out, md5);
        for (Upload.Part part : parts) {
            Files.copy(uploads.path(upload.id(), part.id()), digested);
        }
    }

    private Response cancel(Request request) {
        Upload upload = pending(request);
        if (!uploads.end(upload.id(), Upload.CANCELLED)) {
            throw ended(upload.id());
        }
        return answer(find(request));
    }

    private Response answer(Upload upload) {
        String file = upload.fileId();
        return Response.of(upload.wire(file == null ? null : files.find(file).map(StoredFile::wire).orElse(null)));
    }

    private Upload pending(Request request) {
        uploads.expire();
        Upload upload = find(request);
        if (!upload.isPending()) {
            throw ended(upload.id());
        }
        return upload;
    }

    private Upload find(Request request) {
        String id = request.part("upload");
        return uploads.find(id).orElseThrow(() -> ApiException.notFound("No such Upload object: " + id, "upload_id",
                null));
    }

    private ApiException ended(String id) {
        String status = uploads.find(id).map(Upload::status).orElse("gone");
        return ApiException.badRequest("The upload " + id + " has the status '" + status
                + "' and takes nothing more; create another one.", "upload_id");
    }

    /** A client that did not get the answer to its complete asks again. */
    private static boolean isRetry(Request request) {
        String count = request.header("x-stainless-retry-count");
        return !count.isEmpty() && !count.equals("0");
    }

    private static ApiException partTooLarge() {
        return new ApiException(413, ApiError.invalidRequest("The part is larger than 64 MB (" + MAX_PART_BYTES
                + " bytes); send smaller parts.", "data", "part_too_large"));
    }
}
