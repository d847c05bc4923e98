package dev.attune.dataset;

import java.util.regex.Pattern;

/** A path as it is typed in a shell: in quotes where it has blanks or signs that a shell reads. */
public final class ShellWord {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./~+=:@%-][A-Za-z0-9_./~+=:@%,-]*");

    private ShellWord() {}

    /** The path as one word of a command. */
    public static String of(String path) {
        String safe = path.startsWith("-") ? "./" + path : path;
        return PLAIN.matcher(safe).matches() ? safe : "'" + safe.replace("'", "'\\''") + "'";
    }
}
