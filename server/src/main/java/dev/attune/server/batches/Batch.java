package dev.attune.server.batches;

import dev.attune.server.protocol.Json;
import dev.attune.server.protocol.Metadata;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A batch as the store knows it.
 *
 * @param outputSeconds how long its files live; null for always
 * @param model what the requests ask, where they all ask the same
 * @param completed requests that were answered
 * @param failed requests that could not be
 * @param times when each status began
 * @param errors JSON array, where its file is no good
 */
record Batch(long seq, String id, long createdAt, long expiresAt, BatchStatus status, String endpoint,
        String inputFile, String completionWindow, @Nullable String metadata, @Nullable Long outputSeconds,
        @Nullable String model, int total, int completed, int failed, Map<BatchStatus, Long> times,
        @Nullable String outputFile, @Nullable String errorFile, @Nullable String errors, long inputTokens,
        long outputTokens, String organization) {

    /** The columns that {@link #read} reads. */
    static final String COLUMNS = "b.*, (select count(*) from batch_answers a where a.batch_id = b.id and a.failed = 0)"
            + " as completed, (select count(*) from batch_answers a where a.batch_id = b.id and a.failed = 1) as failed";

    static Batch read(ResultSet row) throws SQLException {
        Map<BatchStatus, Long> times = new EnumMap<>(BatchStatus.class);
        for (BatchStatus status : BatchStatus.values()) {
            Long time = status.column().isEmpty() ? null : optional(row, status.column());
            if (time != null) {
                times.put(status, time);
            }
        }
        return new Batch(row.getLong("seq"), row.getString("id"), row.getLong("created_at"), row.getLong("expires_at"),
                BatchStatus.of(row.getString("status")), row.getString("endpoint"), row.getString("input_file"),
                row.getString("completion_window"), row.getString("metadata"), optional(row, "output_seconds"),
                row.getString("model"), row.getInt("total"), row.getInt("completed"), row.getInt("failed"), times,
                row.getString("output_file"), row.getString("error_file"), row.getString("errors"),
                row.getLong("input_tokens"), row.getLong("output_tokens"), row.getString("organization"));
    }

    BatchWire.Batch wire() {
        return new BatchWire.Batch(id, "batch", endpoint, model, errors == null
                ? null
                : new BatchWire.BatchErrors("list",
                        List.of(Json.MAPPER.readValue(errors, BatchWire.BatchError[].class))),
                inputFile, completionWindow, status.wire(), outputFile, errorFile, createdAt,
                times.get(BatchStatus.IN_PROGRESS), expiresAt, times.get(BatchStatus.FINALIZING),
                times.get(BatchStatus.COMPLETED), times.get(BatchStatus.FAILED), times.get(BatchStatus.EXPIRED),
                times.get(BatchStatus.CANCELLING), times.get(BatchStatus.CANCELLED),
                new BatchWire.BatchCounts(total, completed, failed), BatchWire.BatchUsage.of(inputTokens, outputTokens),
                Metadata.wire(metadata));
    }

    private static @Nullable Long optional(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? null : value;
    }
}
