package dev.attune.dataset;

/**
 * What a row may hold where it is to be trained, beyond what all places accept. Immutable.
 *
 * @param imageRefusal what to say of a row with images; empty where images in user messages are trained
 * @param legacyFunctions whether {@code functions} and {@code function_call} are still taken, with a warning
 * @param extraKeys whether keys beside the known ones are skipped with a warning, not refused
 * @param promptRows whether rows of prompt and completion are taken as a question and its answer
 */
public record RowRules(String imageRefusal, boolean legacyFunctions, boolean extraKeys,
        boolean promptRows) {
    /** What Attune's own trainer takes. */
    public static final RowRules ATTUNE = new RowRules(
            "images are not supported in training yet; remove the part or the row", false, true, true);

    /** Whether images in user messages are trained. */
    public boolean takesImages() {
        return imageRefusal.isEmpty();
    }
}
