package dev.attune.engine.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Adds up a file's content as the hub does. Not thread-safe. */
final class HubDigest {
    private final HubFile.Checksum wanted;
    private final MessageDigest digest;

    private HubDigest(HubFile.Checksum wanted, MessageDigest digest) {
        this.wanted = wanted;
        this.digest = digest;
    }

    /** A sum that has seen nothing yet. */
    static HubDigest of(HubFile file) {
        try {
            return switch (file.sum()) {
                case HubFile.Checksum.GitBlob blob -> {
                    MessageDigest digest = MessageDigest.getInstance("SHA-1");
                    digest.update(("blob " + file.size() + "\0").getBytes(StandardCharsets.US_ASCII));
                    yield new HubDigest(blob, digest);
                }
                case HubFile.Checksum other -> new HubDigest(other, MessageDigest.getInstance("SHA-256"));
            };
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    void add(byte[] bytes, int count) {
        digest.update(bytes, 0, count);
    }

    /** Adds what is on the disk already. */
    void add(Path part) throws IOException {
        var buffer = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(part)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                add(buffer, read);
            }
        }
    }

    /** Whether what was added is what the hub has. */
    boolean fits() {
        String hex = HexFormat.of().formatHex(digest.digest());
        return switch (wanted) {
            case HubFile.Checksum.Sha256(String sum) -> hex.equalsIgnoreCase(sum);
            case HubFile.Checksum.GitBlob(String sum) -> hex.equalsIgnoreCase(sum);
            case HubFile.Checksum.None() -> true;
        };
    }
}
