package dev.attune.dataset;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Files that people hand in where JSON Lines is meant, recognised by how they begin. */
public final class ForeignFile {
    /** Something that is neither JSON nor markup, with a character in it that sets cells apart. */
    private static final Pattern TABLE_START = Pattern.compile("[^\\[{<].*?[,;\\t|].*");

    private ForeignFile() {}

    /**
     * The one sentence about a file whose first bytes are not text in UTF-8, or null.
     *
     * @param name how the sentence names the file
     * @param magic the first four bytes, fewer where there are no more
     */
    public static @Nullable Problem recognise(String name, byte[] magic) {
        if (isGzip(magic)) {
            return problem("gzip", name + " is compressed with gzip; unpack it with: " + prepare(name));
        }
        if (starts(magic, 'P', 'K', 3, 4)) {
            return problem("zip",
                    name + " is a ZIP or Excel file; unpack it or export it as CSV, then: attune prepare FILE --out DIR");
        }
        if (starts(magic, 0xD0, 0xCF, 0x11, 0xE0)) {
            return problem("zip", name + " is an Excel or Word file of the older kind; save the sheet as CSV");
        }
        if (starts(magic, 'P', 'A', 'R', '1')) {
            return problem("parquet", name + " is a Parquet file; export it as JSON Lines (.jsonl)");
        }
        if (starts(magic, 0xFF, 0xFE) || starts(magic, 0xFE, 0xFF)) {
            return problem("utf16",
                    name + " is UTF-16; save it as UTF-8: iconv -f UTF-16 -t UTF-8 " + ShellWord.of(name)
                            + " > utf8.jsonl, or let attune check --fix OUT do so");
        }
        return null;
    }

    /** Whether a file that begins so is compressed with gzip. */
    public static boolean isGzip(byte[] magic) {
        return starts(magic, 0x1F, 0x8B);
    }

    /** The one sentence about a file whose first row shows that it is not JSON Lines, or null. */
    static @Nullable Problem recognise(String name, String first, StrictJson.Parsed parsed) {
        String start = first.strip();
        if (start.startsWith("[") && (!parsed.readable()
                || (parsed.value() instanceof List<?> list && !list.isEmpty()
                        && list.getFirst() instanceof Map<?, ?>))) {
            return problem("json_array",
                    name + " is one JSON array, and a training file has one object per line; convert it with: "
                            + prepare(name));
        }
        if (start.equals("{")) {
            return problem("pretty_printed",
                    name + " spreads an object over several lines, and a training file has one object per line; convert it with: "
                            + prepare(name));
        }
        if (!parsed.readable() && TABLE_START.matcher(start).matches()) {
            return problem("csv",
                    name + " looks like a table (CSV or TSV) and not like JSON Lines: its first line is not JSON; convert it with: "
                            + prepare(name));
        }
        return null;
    }

    private static String prepare(String name) {
        return "attune prepare " + ShellWord.of(name) + " --out DIR";
    }

    private static boolean starts(byte[] bytes, int... magic) {
        if (bytes.length < magic.length) {
            return false;
        }
        for (int i = 0; i < magic.length; i++) {
            if ((bytes[i] & 0xFF) != magic[i]) {
                return false;
            }
        }
        return true;
    }

    private static Problem problem(String code, String message) {
        return Problem.ofFile(code, Severity.ERROR, message);
    }
}
