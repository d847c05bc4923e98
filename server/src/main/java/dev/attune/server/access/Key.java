package dev.attune.server.access;

import dev.attune.server.protocol.KeyRole;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * An API key, without what its holder sends.
 *
 * @param shown the beginning and end of it, to tell it from others
 * @param revokedAt when it was revoked, or null
 */
public record Key(String id, String name, String organization, KeyRole role, String shown, long createdAt,
        @Nullable Long revokedAt) {

    static Key read(ResultSet row) throws SQLException {
        long revoked = row.getLong("revoked_at");
        Long revokedAt = row.wasNull() ? null : Long.valueOf(revoked);
        return new Key(row.getString("id"), row.getString("name"), row.getString("organization"),
                KeyRole.of(row.getString("role")).orElse(KeyRole.USE), row.getString("shown"),
                row.getLong("created_at"), revokedAt);
    }
}
