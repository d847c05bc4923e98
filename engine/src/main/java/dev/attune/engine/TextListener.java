package dev.attune.engine;

/** Who is told the text as it grows. */
@FunctionalInterface
public interface TextListener {

    /** Hears nothing and goes on to the end. */
    TextListener NONE = delta -> true;

    /**
     * Takes the next piece of text, which never is part of a stop text nor ends within a character; empty at times, so
     * that whoever has lost interest can say so.
     *
     * @return false to stop generating
     */
    boolean onText(String delta);
}
