package dev.attune.engine.sample;

/** Who is told the text as it grows. */
@FunctionalInterface
public interface TextListener {

    /** Hears nothing and goes on to the end. */
    TextListener NONE = piece -> true;

    /**
     * Takes the next piece, which is empty at times, also while the prompt is read, so that whoever has lost interest can
     * say so.
     *
     * @return false to stop generating
     */
    boolean onText(Piece piece);
}
