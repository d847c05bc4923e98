package dev.attune.dataset.quality;

/**
 * A fault of a single text that has exactly one right form. The check asks whether {@link #repaired} changes the text, and
 * the fix puts what it gives in its place, so the two always agree. Implementations are stateless.
 */
interface TextRepair {
    CheckKind kind();

    /** The text without the fault; the same text where there is none. Repairing twice changes nothing more. */
    String repaired(Piece piece);

    /** What is wrong with a text that {@link #repaired} changes, in words. */
    String what(Piece piece);

    /** Where in the text it shows. */
    default int at(Piece piece) {
        String repaired = repaired(piece);
        int end = Math.min(repaired.length(), piece.text().length());
        int at = 0;
        while (at < end && repaired.charAt(at) == piece.text().charAt(at)) {
            at++;
        }
        return at;
    }
}
