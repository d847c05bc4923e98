package dev.attune.dataset.quality;

/**
 * A short piece of a text for a person to see, worked out only when it is shown: one line, personal data and secrets
 * masked. Only such pieces reach a report, so no check can forget the mask. Immutable.
 */
public final class Excerpt {
    private static final int LENGTH = 96;
    private static final int SEEN_BEFORE = 4096;
    private static final int SEEN_BEHIND = LENGTH + 600;

    private final String text;
    private final int from;
    private final boolean end;

    private Excerpt(String text, int from, boolean end) {
        this.text = text;
        this.from = from;
        this.end = end;
    }

    /** The beginning of a text. */
    public static Excerpt of(String text) {
        return new Excerpt(text, 0, false);
    }

    /** The end of a text. */
    public static Excerpt end(String text) {
        return new Excerpt(text, 0, true);
    }

    /** The piece of a text around one of its characters. */
    public static Excerpt around(String text, int index) {
        return new Excerpt(text, Math.max(0, index - LENGTH / 2), false);
    }

    /** The piece: at most 96 characters, and an ellipsis where something is left out. */
    public String shown() {
        return end ? tail() : piece();
    }

    private String tail() {
        String seen = text.substring(edge(text, Math.max(0, text.length() - SEEN_BEFORE)));
        String masked = Sensitive.mask(seen);
        int start = edge(masked, Math.max(0, masked.length() - LENGTH));
        return (start > 0 || seen.length() < text.length() ? "…" : "") + oneLine(masked.substring(start));
    }

    /** Masks before cutting: half a secret is not recognised any more. */
    private String piece() {
        int windowStart = edge(text, Math.max(0, from - SEEN_BEFORE));
        int windowEnd = edge(text, Math.min(text.length(), from + SEEN_BEHIND));
        String before = Sensitive.mask(text.substring(windowStart, edge(text, from)));
        String masked = Sensitive.mask(text.substring(windowStart, windowEnd));
        int start = edge(masked, Math.min(before.length(), masked.length()));
        int stop = edge(masked, Math.min(masked.length(), start + LENGTH));
        return (windowStart + start > 0 ? "…" : "") + oneLine(masked.substring(start, stop))
                + (stop < masked.length() || windowEnd < text.length() ? "…" : "");
    }

    private static int edge(String text, int index) {
        return index > 0 && index < text.length() && Character.isLowSurrogate(text.charAt(index)) ? index - 1 : index;
    }

    private static String oneLine(String text) {
        return text.replace('\n', ' ').replace('\r', ' ').replace('\t', ' ');
    }
}
