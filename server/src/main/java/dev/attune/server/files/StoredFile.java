package dev.attune.server.files;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * A file as the store knows it.
 *
 * @param seq orders files as they were made
 * @param expiresAt when it goes by itself, in seconds since 1970, where it does
 * @param sha256 the name of its content, in hex
 */
public record StoredFile(long seq, String id, long createdAt, @Nullable Long expiresAt, long bytes, String filename,
        String purpose, String sha256) {

    static final String COLUMNS = "seq, id, created_at, expires_at, bytes, filename, purpose, sha256";

    static StoredFile read(ResultSet row) throws SQLException {
        long expires = row.getLong("expires_at");
        @Nullable
        Long expiresAt = row.wasNull() ? null : (Long) expires;
        return new StoredFile(row.getLong("seq"), row.getString("id"), row.getLong("created_at"), expiresAt,
                row.getLong("bytes"), row.getString("filename"), row.getString("purpose"), row.getString("sha256"));
    }

    public FileWire.FileObject wire() {
        return new FileWire.FileObject(id, "file", bytes, createdAt, expiresAt, filename, purpose, "processed");
    }
}
