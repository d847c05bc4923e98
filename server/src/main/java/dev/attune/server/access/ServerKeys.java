package dev.attune.server.access;

import dev.attune.server.protocol.KeyRole;
import dev.attune.server.store.Database;
import dev.attune.server.store.Home;
import dev.attune.server.store.ServerException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The API keys of a home, for whoever may read its files: made and revoked with or without a server running on it, which
 * takes notice at once. Thread-safe; whoever opens it closes it.
 */
public final class ServerKeys implements AutoCloseable {
    private final Database database;
    private final KeyStore keys;

    private ServerKeys(Database database) {
        this.database = database;
        this.keys = new KeyStore(database);
    }

    /** A new key, and the secret that its holder sends, which cannot be shown again. */
    public record NewKey(Key key, String secret) {
        @Override
        public String toString() {
            return "NewKey[key=" + key + ", secret=not shown]";
        }
    }

    /**
     * @throws ServerException where the home cannot be used
     */
    public static ServerKeys open(Path home) {
        return new ServerKeys(Database.open(Home.made(home).resolve("attune.db")));
    }

    /**
     * Makes a key.
     *
     * @param organization whose files, jobs and models it reaches: lower-case letters, digits and hyphens; empty for all
     * @throws ServerException where the name or the organization cannot be used
     */
    public NewKey create(String name, String organization, KeyRole role) {
        if (name.isBlank() || name.length() > 64 || !organization.matches("[a-z0-9-]{0,64}")) {
            throw new ServerException("A key needs a name of at most 64 characters, and an organization of at most 64"
                    + " lower-case letters, digits or hyphens.");
        }
        KeyStore.Made made = keys.create(name, organization, role);
        return new NewKey(made.key(), made.secret());
    }

    /** All keys, revoked ones too. */
    public List<Key> all() {
        return keys.all("");
    }

    /** Revokes a key; empty where no key in use has that identifier. */
    public Optional<Key> revoke(String id) {
        return keys.revoke(id, "");
    }

    @Override
    public void close() {
        database.close();
    }
}
