package dev.attune.server.files;

import dev.attune.server.protocol.ApiException;
import dev.attune.server.protocol.Request;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A {@code multipart/form-data} body, read part by part as it arrives; never more than a buffer of it is in memory. A
 * part's name decides what it is, not whether it has a file name: official SDKs leave the file name out.
 */
final class Multipart {
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int MAX_HEADER_BYTES = 16 * 1024;
    private static final Pattern BOUNDARY = Pattern.compile("boundary=(?:\"([^\"]+)\"|([^;\\s]+))",
            Pattern.CASE_INSENSITIVE);

    private final InputStream in;
    private final byte[] delimiter;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int start;
    private int end;
    private boolean partOpen;
    private boolean finished;

    private Multipart(InputStream in, String boundary) {
        this.in = in;
        this.delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
        // A virtual line break before the body lets the first boundary look like all others.
        buffer[0] = '\r';
        buffer[1] = '\n';
        end = 2;
        partOpen = true;
    }

    /**
     * @throws ApiException 400 where the content type is not multipart/form-data with a boundary
     */
    static Multipart of(Request request) {
        String type = request.header("Content-Type");
        Matcher boundary = BOUNDARY.matcher(type);
        if (!type.toLowerCase(Locale.ROOT).startsWith("multipart/form-data") || !boundary.find()) {
            throw ApiException.badRequest("The request must be multipart/form-data with a boundary, with the parts"
                    + " 'file' and 'purpose'.", null);
        }
        String found = boundary.group(1) == null ? boundary.group(2) : boundary.group(1);
        return new Multipart(request.body(), found);
    }

    /**
     * The name of a part and of the file in it.
     *
     * @param filename empty where the client sent none
     */
    record Part(String name, String filename) {
        /** What {@link Multipart#next()} gives after the last part. */
        static final Part END = new Part("", "");
    }

    /** The next part, or {@link Part#END}; what is unread of the one before is skipped. */
    Part next() throws IOException {
        if (finished) {
            return Part.END;
        }
        if (partOpen) {
            copy(OutputStream.nullOutputStream());
        }
        int first = read();
        int second = read();
        if (first == '-' && second == '-') {
            finished = true;
            return Part.END;
        }
        while (first == ' ' || first == '\t') {
            first = second;
            second = read();
        }
        if (first != '\r' || second != '\n') {
            throw malformed("a boundary is followed by something else than a line break");
        }
        Part part = headers();
        partOpen = true;
        return part;
    }

    /** Writes the content of the current part. */
    void copy(OutputStream out) throws IOException {
        while (true) {
            int at = indexOfDelimiter();
            if (at >= 0) {
                out.write(buffer, start, at - start);
                start = at + delimiter.length;
                partOpen = false;
                return;
            }
            int safe = Math.max(0, end - start - delimiter.length + 1);
            out.write(buffer, start, safe);
            start += safe;
            if (!fill()) {
                throw malformed("it ends in the middle of a part");
            }
        }
    }

    private Part headers() throws IOException {
        String name = "";
        String filename = "";
        int budget = MAX_HEADER_BYTES;
        for (String line = line(budget); !line.isEmpty(); line = line(budget)) {
            budget -= line.length();
            if (line.toLowerCase(Locale.ROOT).startsWith("content-disposition:")) {
                name = parameter(line, "name");
                filename = parameter(line, "filename");
            }
        }
        return new Part(name, filename);
    }

    private String line(int budget) throws IOException {
        var bytes = new byte[256];
        int length = 0;
        for (int c = read(); c != '\n'; c = read()) {
            if (c < 0 || length >= budget) {
                throw malformed(c < 0 ? "it ends in the headers of a part" : "the headers of a part are too long");
            }
            if (length == bytes.length) {
                bytes = Arrays.copyOf(bytes, length * 2);
            }
            bytes[length++] = (byte) c;
        }
        int text = length > 0 && bytes[length - 1] == '\r' ? length - 1 : length;
        return new String(bytes, 0, text, StandardCharsets.UTF_8);
    }

    private static String parameter(String header, String name) {
        Matcher found = Pattern.compile(";\\s*" + name + "=(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^;\\s]+))",
                Pattern.CASE_INSENSITIVE).matcher(header);
        if (!found.find()) {
            return "";
        }
        return found.group(1) == null
                ? found.group(2)
                : found.group(1).replace("\\\"", "\"").replace("\\\\", "\\").replace("%22", "\"");
    }

    private int indexOfDelimiter() {
        int last = end - delimiter.length;
        for (int i = start; i <= last; i++) {
            if (buffer[i] == '\r'
                    && Arrays.equals(buffer, i, i + delimiter.length, delimiter, 0, delimiter.length)) {
                return i;
            }
        }
        return -1;
    }

    private int read() throws IOException {
        if (start == end && !fill()) {
            return -1;
        }
        return buffer[start++] & 0xff;
    }

    private boolean fill() throws IOException {
        System.arraycopy(buffer, start, buffer, 0, end - start);
        end -= start;
        start = 0;
        int count = in.read(buffer, end, buffer.length - end);
        end += Math.max(0, count);
        return count > 0;
    }

    private static ApiException malformed(String why) {
        return ApiException.badRequest("The multipart body cannot be read: " + why + ".", null);
    }
}
