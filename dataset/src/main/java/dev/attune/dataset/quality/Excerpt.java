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
    private final boolean moreBefore;
    private final boolean moreBehind;

    private Excerpt(String text, int from, boolean end, boolean moreBefore, boolean moreBehind) {
        this.text = text;
        this.from = from;
        this.end = end;
        this.moreBefore = moreBefore;
        this.moreBehind = moreBehind;
    }

    private static Excerpt of(String text, int from, boolean end) {
        return new Excerpt(text, from, end, false, false);
    }

    /** The beginning of a text. */
    public static Excerpt of(String text) {
        return of(text, 0, false);
    }

    /** The end of a text. */
    public static Excerpt end(String text) {
        return of(text, 0, true);
    }

    /** The piece of a text around one of its characters. */
    public static Excerpt around(String text, int index) {
        return of(text, Math.max(0, index - LENGTH / 2), false);
    }

    /** The same, holding no more of the text than the piece is worked out from. */
    Excerpt kept() {
        if (end) {
            int start = edge(text, Math.max(0, text.length() - SEEN_BEFORE));
            return start == 0 ? this : new Excerpt(text.substring(start), 0, true, true, moreBehind);
        }
        int start = edge(text, Math.max(0, from - SEEN_BEFORE));
        int stop = edge(text, Math.min(text.length(), from + SEEN_BEHIND));
        return start == 0 && stop == text.length()
                ? this
                : new Excerpt(text.substring(start, stop), from - start, false, moreBefore || start > 0,
                        moreBehind || stop < text.length());
    }

    /** The piece: at most 96 characters, and an ellipsis where something is left out. */
    public String shown() {
        Excerpt kept = kept();
        return end ? kept.tail() : kept.piece();
    }

    private String tail() {
        String masked = Sensitive.mask(text);
        int start = edge(masked, Math.max(0, masked.length() - LENGTH));
        return (start > 0 || moreBefore ? "…" : "") + oneLine(masked.substring(start));
    }

    /** Masks before cutting: half a secret is not recognised any more. */
    private String piece() {
        String before = Sensitive.mask(text.substring(0, edge(text, from)));
        String masked = Sensitive.mask(text);
        int start = edge(masked, Math.min(before.length(), masked.length()));
        int stop = edge(masked, Math.min(masked.length(), start + LENGTH));
        return (start > 0 || moreBefore ? "…" : "") + oneLine(masked.substring(start, stop))
                + (stop < masked.length() || moreBehind ? "…" : "");
    }

    private static int edge(String text, int index) {
        return index > 0 && index < text.length() && Character.isLowSurrogate(text.charAt(index)) ? index - 1 : index;
    }

    private static String oneLine(String text) {
        return text.replace('\n', ' ').replace('\r', ' ').replace('\t', ' ');
    }
}
