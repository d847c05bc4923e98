package dev.attune.dataset;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Bytes changed, cut out, doubled and put in at random. */
public final class Mutations {
    private static final List<byte[]> PIECES = List.of(bytes("\uFEFF"), bytes("\r\n"), bytes("\n\n"), bytes("{}"),
            bytes("[]"), bytes("null"), bytes("\\ud800"), bytes("\\u0000"), bytes("[".repeat(300)), bytes("\"a\":1,"),
            bytes(","), bytes("\\"), bytes("\""), bytes("1e999999"), bytes("-"), bytes("\u2028"),
            new byte[]{(byte) 0xC0, (byte) 0x80}, new byte[]{(byte) 0xED, (byte) 0xA0, (byte) 0x80},
            new byte[]{(byte) 0xF4, (byte) 0x90, (byte) 0x80, (byte) 0x80}, new byte[]{(byte) 0xFF}, new byte[]{0});

    private Mutations() {}

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A copy with one to four changes. */
    public static byte[] some(byte[] file, Random random) {
        byte[] changed = file;
        for (int i = random.nextInt(4); i >= 0; i--) {
            changed = one(changed, random);
        }
        return changed;
    }

    private static byte[] one(byte[] file, Random random) {
        int from = random.nextInt(file.length + 1);
        int to = Math.min(file.length, from + random.nextInt(20));
        var out = new ByteArrayOutputStream();
        out.write(file, 0, from);
        switch (random.nextInt(4)) {
            case 0 -> out.write(random.nextInt(256));
            case 1 -> {
                byte[] piece = PIECES.get(random.nextInt(PIECES.size()));
                out.write(piece, 0, piece.length);
                to = from;
            }
            case 2 -> {
                byte[] own = Arrays.copyOfRange(file, from, to);
                out.write(own, 0, own.length);
                out.write(own, 0, own.length);
            }
            default -> {
                // what stood there is cut out
            }
        }
        out.write(file, to, file.length - to);
        return out.toByteArray();
    }
}
