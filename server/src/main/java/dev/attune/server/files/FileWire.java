package dev.attune.server.files;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import dev.attune.server.protocol.Wire;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What files and uploads write, key for key. */
public interface FileWire extends Wire {
    /** A file. */
    record FileObject(String id, String object, long bytes, long createdAt,
            @JsonInclude(Include.NON_NULL) @Nullable Long expiresAt, String filename, String purpose, String status)
            implements
                FileWire {}

    /** A list with the ids of its ends; empty strings where it is empty. */
    record FileList(String object, List<FileObject> data, String firstId, String lastId, boolean hasMore)
            implements
                FileWire {}

    /** A file that comes in parts; {@code file} once it is whole. */
    record UploadObject(String id, String object, long bytes, long createdAt, long expiresAt, String filename,
            String purpose, String status, @JsonInclude(Include.NON_NULL) @Nullable FileObject file)
            implements
                FileWire {}

    /** A part of an upload. */
    record UploadPart(String id, String object, long createdAt, String uploadId) implements FileWire {}
}
