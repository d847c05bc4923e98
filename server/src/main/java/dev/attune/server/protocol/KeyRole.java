package dev.attune.server.protocol;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What the holder of a key may do; each role may do all that those before it may. */
public enum KeyRole {
    /** Ask models. */
    USE,
    /** Upload files, train, delete what is its organization's. */
    TRAIN,
    /** Make and revoke keys, and share checkpoints. */
    ADMIN;

    /** Whether this role is enough where another is asked for. */
    public boolean covers(KeyRole asked) {
        return compareTo(asked) >= 0;
    }

    /** As the command line and the wire write it. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The role of a name; empty where there is none. */
    public static Optional<KeyRole> of(String name) {
        return Arrays.stream(values()).filter(role -> role.wire().equals(name)).findFirst();
    }
}
