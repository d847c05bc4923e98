package dev.attune.dataset.prepare;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Lines of a file with nothing in them but white space: found, and left out of a copy. Bytes of other lines stay. */
final class BlankLines {
    private static final int BUFFER = 1 << 16;

    private BlankLines() {}

    /** The numbers of such lines, the first is 1. */
    static List<Integer> in(Path file) throws IOException {
        var numbers = new ArrayList<Integer>();
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER)) {
            int number = 1;
            boolean blank = true;
            boolean begun = false;
            for (int b = in.read(); b >= 0; b = in.read()) {
                begun = true;
                blank &= b <= ' ';
                if (b == '\n') {
                    if (blank) {
                        numbers.add(number);
                    }
                    number++;
                    blank = true;
                    begun = false;
                }
            }
            if (begun && blank) {
                numbers.add(number);
            }
        }
        return numbers;
    }

    /** Copies all other lines, after some bytes. */
    static void copyWithout(Path file, Path copy, byte[] first) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER);
                OutputStream out = new BufferedOutputStream(Files.newOutputStream(copy), BUFFER)) {
            out.write(first);
            var white = new ByteArrayOutputStream();
            boolean blank = true;
            for (int b = in.read(); b >= 0; b = in.read()) {
                if (blank && b <= ' ') {
                    white.write(b);
                    if (b == '\n') {
                        white.reset();
                    }
                    continue;
                }
                if (blank) {
                    white.writeTo(out);
                    white.reset();
                }
                out.write(b);
                blank = b == '\n';
            }
        }
    }
}
