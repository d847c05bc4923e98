package dev.attune.dataset.format;

import java.nio.file.Path;

/**
 * What a file is. Immutable.
 *
 * @param gzip whether it is compressed with gzip
 * @param format what a row looks like
 * @param mapping the columns or keys that are read, where the format is {@link SourceFormat#MAPPED} or
 *            {@link SourceFormat#QUESTION_ANSWER}; otherwise none
 * @param evidence one sentence without a full stop that says what was recognised by what
 */
public record Detected(Path file, boolean gzip, Container container, SourceFormat format, ColumnMapping mapping,
        String evidence) {
    /** The evidence. */
    @Override
    public String toString() {
        return evidence;
    }

    /** Whether each row has a better answer and a worse one. */
    public boolean hasPairs() {
        return format == SourceFormat.PREFERENCE || !mapping.of(ColumnMapping.Part.PREFERRED).isEmpty();
    }
}
