package dev.attune.server.batches;

import dev.attune.server.files.FileRules;
import dev.attune.server.files.FileStore;
import dev.attune.server.files.StoredFile;
import dev.attune.server.protocol.ApiError;
import dev.attune.server.protocol.ApiException;
import dev.attune.server.protocol.CreateKey;
import dev.attune.server.protocol.Fields;
import dev.attune.server.protocol.InProcess;
import dev.attune.server.protocol.Metadata;
import dev.attune.server.protocol.Request;
import dev.attune.server.protocol.Response;
import dev.attune.server.protocol.Route;
import dev.attune.server.protocol.Wire;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** {@code /v1/batches}: create, list, get, cancel. */
public final class BatchesApi {
    private static final int MAX_BODY_BYTES = 1 << 20;
    private static final int MAX_LIMIT = 100;
    private static final long MAX_INPUT_BYTES = 200L << 20;
    private static final String BATCH = "/v1/batches/{batch}";

    private final BatchStore batches;
    private final FileStore files;
    private final InProcess server;
    private final Runnable wake;

    /**
     * @param server whose endpoints can be asked in batches
     * @param wake called when there is something new to do
     */
    public BatchesApi(BatchStore batches, FileStore files, InProcess server, Runnable wake) {
        this.batches = batches;
        this.files = files;
        this.server = server;
        this.wake = wake;
    }

    public List<Route> routes() {
        return List.of(Route.post("/v1/batches", this::create), Route.get("/v1/batches", this::list),
                Route.get(BATCH, request -> Response.of(find(request).wire())),
                Route.post(BATCH + "/cancel", this::cancel));
    }

    private Response create(Request request) throws IOException {
        byte[] bytes = request.bodyBytes(MAX_BODY_BYTES);
        Fields body = Fields.of(bytes);
        body.refuseExtra(Set.of("input_file_id", "endpoint", "completion_window", "metadata", "output_expires_after"));
        String input = body.required("input_file_id");
        String endpoint = body.required("endpoint");
        if (!server.knows(endpoint)) {
            throw ApiException.badRequest("Invalid value: '" + endpoint + "'. This server answers batches for: "
                    + server.paths() + ".", "endpoint", "invalid_value");
        }
        String window = body.required("completion_window");
        if (!window.equals("24h")) {
            throw ApiException.badRequest("Invalid value: '" + window + "'. Supported values are: '24h'.",
                    "completion_window", "invalid_value");
        }
        StoredFile file = files.find(input).orElseThrow(
                () -> ApiException.badRequest("No such File object: " + input, "input_file_id"));
        if (!file.purpose().equals("batch")) {
            throw ApiException.badRequest("The file " + input + " has the purpose '" + file.purpose()
                    + "'; upload it with the purpose 'batch'.", "input_file_id");
        }
        if (file.bytes() > MAX_INPUT_BYTES) {
            throw ApiException.badRequest("The file " + input + " has " + file.bytes()
                    + " bytes; a batch takes at most " + MAX_INPUT_BYTES + ", so split it.", "input_file_id");
        }
        Batch batch = batches.create(new BatchStore.Wanted(input, endpoint, window, Metadata.of(body),
                FileRules.secondsToLive(body, "output_expires_after", "batch")), CreateKey.of(request, bytes));
        wake.run();
        return Response.of(batch.wire());
    }

    private Response list(Request request) {
        String after = request.query("after");
        Batch last = after.isEmpty() ? null : batches.find(after).orElseThrow(() -> absent(after, 400, "after"));
        return Response.of(Wire.EndedList.of(batches.list(last, request.limit(20, MAX_LIMIT)).map(Batch::wire),
                BatchWire.Batch::id));
    }

    private Response cancel(Request request) {
        Batch batch = find(request);
        boolean moved = batches.move(batch.id(), BatchStatus.IN_PROGRESS, BatchStatus.CANCELLING, handle -> {})
                || batches.move(batch.id(), BatchStatus.VALIDATING, BatchStatus.CANCELLING, handle -> {})
                || batches.move(batch.id(), BatchStatus.FINALIZING, BatchStatus.CANCELLING, handle -> {});
        Batch now = find(request);
        if (!moved && now.status() != BatchStatus.CANCELLING) {
            throw ApiException.badRequest("Batch " + now.id() + " has already ended with status '" + now.status().wire()
                    + "' and cannot be cancelled.", "batch_id");
        }
        wake.run();
        return Response.of(now.wire());
    }

    private Batch find(Request request) {
        String id = request.part("batch");
        return batches.find(id).orElseThrow(() -> absent(id, 404, "batch_id"));
    }

    private static ApiException absent(String id, int status, String param) {
        return new ApiException(status, ApiError.invalidRequest("No batch found with id '" + id + "'.", param, null));
    }
}
