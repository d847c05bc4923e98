package dev.attune.server.files;

import dev.attune.server.protocol.ApiException;
import dev.attune.server.protocol.Json;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Locale;
import tools.jackson.core.JacksonException;

/**
 * The look that is taken at a training file before it is accepted: its name, and its first line. All lines are checked
 * when a job asks for the file.
 */
final class TrainingUpload {
    private static final int MAX_LINE_BYTES = 64 * 1024 * 1024;

    private TrainingUpload() {}

    /**
     * @throws ApiException 400 where the file cannot be a training file
     */
    static void check(String filename, Contents.Received content) throws IOException {
        checkName(filename);
        if (content.bytes() == 0) {
            throw ApiException.badRequest("File is empty.", "file");
        }
        byte[] line = firstLine(content);
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line)).toString();
        } catch (CharacterCodingException e) {
            throw notJsonl("Line 1 is not valid UTF-8; save the file as UTF-8.");
        }
        text = text.startsWith("\uFEFF") ? text.substring(1) : text;
        try {
            if (!Json.tree(text).isObject()) {
                throw notJsonl("Line 1 is not a dictionary (starts with: " + excerpt(text) + ").");
            }
        } catch (JacksonException e) {
            throw notJsonl("Line 1 cannot be parsed (starts with: " + excerpt(text) + "): " + Json.reason(e) + ".");
        }
    }

    /**
     * @throws ApiException 400 where a training file cannot be called so
     */
    static void checkName(String filename) {
        if (!filename.toLowerCase(Locale.ROOT).endsWith(".jsonl")) {
            throw ApiException.badRequest("Invalid file format for Fine-Tuning API. Must be .jsonl", "file");
        }
    }

    /** The first line that is not blank. */
    private static byte[] firstLine(Contents.Received content) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(content.aside()), 1 << 16)) {
            var line = new ByteArrayOutputStream();
            for (int b = in.read(); b >= 0 && line.size() < MAX_LINE_BYTES; b = in.read()) {
                if (b == '\n') {
                    if (!line.toString(StandardCharsets.ISO_8859_1).isBlank()) {
                        break;
                    }
                    line.reset();
                } else {
                    line.write(b);
                }
            }
            return line.toByteArray();
        }
    }

    private static String excerpt(String text) {
        String start = text.strip();
        return "\"" + (start.length() > 40 ? start.substring(0, 40) + "…" : start) + "\"";
    }

    private static ApiException notJsonl(String why) {
        return ApiException.badRequest(
                "Expected file to have JSONL format, where every line is a valid JSON dictionary. " + why, "file");
    }
}
