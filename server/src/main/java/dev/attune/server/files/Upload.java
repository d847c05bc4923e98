package dev.attune.server.files;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * A file that comes in parts.
 *
 * @param bytes how many bytes all parts have together
 * @param secondsToLive how long the file lives; null for always
 * @param status {@code pending}, {@code completed}, {@code cancelled} or {@code expired}
 * @param fileId the file, once it is completed
 */
record Upload(String id, long createdAt, long expiresAt, long bytes, String filename, String purpose,
        @Nullable Long secondsToLive, String status, @Nullable String fileId) {
    static final String PENDING = "pending";
    static final String COMPLETED = "completed";
    static final String CANCELLED = "cancelled";
    static final String EXPIRED = "expired";

    /**
     * A part that has arrived.
     *
     * @param bytes how many it has
     */
    record Part(String id, long createdAt, long bytes) {}

    static Upload read(ResultSet row) throws SQLException {
        long seconds = row.getLong("seconds_to_live");
        @Nullable
        Long life = row.wasNull() ? null : (Long) seconds;
        return new Upload(row.getString("id"), row.getLong("created_at"), row.getLong("expires_at"),
                row.getLong("bytes"), row.getString("filename"), row.getString("purpose"), life,
                row.getString("status"), row.getString("file_id"));
    }

    boolean isPending() {
        return status.equals(PENDING);
    }

    /** @param file the file, where there is one */
    FileWire.UploadObject wire(FileWire.@Nullable FileObject file) {
        return new FileWire.UploadObject(id, "upload", bytes, createdAt, expiresAt, filename, purpose, status, file);
    }
}
