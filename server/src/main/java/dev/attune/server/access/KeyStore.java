package dev.attune.server.access;

import dev.attune.server.protocol.Caller;
import dev.attune.server.protocol.KeyRole;
import dev.attune.server.store.Database;
import dev.attune.server.store.Hash;
import dev.attune.server.store.Ids;
import dev.attune.server.store.Times;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The API keys of a home. What a holder sends is shown once, when it is made, and kept only as its SHA-256: a key is 256
 * random bits, so nothing slower is needed. Thread-safe.
 */
public final class KeyStore {
    private static final String PREFIX = "sk-attune-";
    private static final int LENGTH = 44;

    private final Database database;
    private volatile @Nullable Known known;

    public KeyStore(Database database) {
        this.database = database;
    }

    /** A new key, and what its holder sends. */
    record Made(Key key, String secret) {}

    Made create(String name, String organization, KeyRole role) {
        String secret = PREFIX + Ids.alphanumeric(LENGTH);
        String id = Ids.next("key_");
        String shown = secret.substring(0, PREFIX.length() + 2) + "…" + secret.substring(secret.length() - 4);
        Key key = database.write(handle -> {
            handle.execute("insert into api_keys (id, created_at, name, organization, role, shown, sha256) values"
                    + " (?, ?, ?, ?, ?, ?, ?)", id, Times.nowSeconds(), name, organization, role.wire(), shown,
                    hash(secret));
            return handle.createQuery("select * from api_keys where id = ?").bind(0, id)
                    .map((row, context) -> Key.read(row)).one();
        });
        return new Made(key, secret);
    }

    /** All keys as they were made, revoked ones too; only those of an organization where it is named. */
    List<Key> all(String organization) {
        return database.read(handle -> handle
                .createQuery("select * from api_keys where :organization in ('', organization) order by seq")
                .bind("organization", organization).map((row, context) -> Key.read(row)).list());
    }

    /** Takes a key back at once; empty where there is none that is in use. */
    Optional<Key> revoke(String id, String organization) {
        return database.write(handle -> {
            int changed = handle.execute("update api_keys set revoked_at = ? where id = ? and revoked_at is null and ?"
                    + " in ('', organization)", Times.nowSeconds(), id, organization);
            return changed == 0
                    ? Optional.empty()
                    : handle.createQuery("select * from api_keys where id = ?").bind(0, id)
                            .map((row, context) -> Key.read(row)).findOne();
        });
    }

    /**
     * What is known of the keys at one version of the database.
     *
     * @param callers those that were asked for, by the hash of what they sent
     */
    private record Known(long version, boolean any, Map<String, Caller> callers) {}

    /** Looked up again only where the database has changed, by this process or another. */
    private Known known() {
        long version = database.version();
        Known last = known;
        if (last == null || last.version() != version) {
            last = new Known(version, anyStored(), new ConcurrentHashMap<>());
            known = last;
        }
        return last;
    }

    /** Whether there is any key that is in use. */
    public boolean isAny() {
        return known().any();
    }

    private boolean anyStored() {
        return database.read(handle -> handle
                .createQuery("select exists (select 1 from api_keys where revoked_at is null)").mapTo(Integer.class)
                .one()) == 1;
    }

    /** Who sends a secret. */
    Optional<Caller> caller(String secret) {
        if (!secret.startsWith(PREFIX)) {
            return Optional.empty();
        }
        String hash = hash(secret);
        Known now = known();
        Caller before = now.callers().get(hash);
        if (before != null) {
            return Optional.of(before);
        }
        Optional<Caller> found = stored(hash);
        found.ifPresent(caller -> now.callers().put(hash, caller));
        return found;
    }

    private Optional<Caller> stored(String hash) {
        record Found(Key key, String sha256) {}
        return database.read(handle -> handle
                .createQuery("select * from api_keys where sha256 = :hash and revoked_at is null").bind("hash", hash)
                .map((row, context) -> new Found(Key.read(row), row.getString("sha256"))).findOne())
                .filter(found -> isSame(found.sha256(), hash))
                .map(found -> new Caller(found.key().organization(), found.key().role(), found.key().id()));
    }

    /** Compares in a time that does not tell where they differ. */
    static boolean isSame(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    static String hash(String secret) {
        return HexFormat.of().formatHex(Hash.sha256().digest(secret.getBytes(StandardCharsets.UTF_8)));
    }
}
