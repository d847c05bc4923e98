package dev.attune.engine.sample;

/** Which tokens may come next in a text that has to have a shape. Follows one text; not thread-safe. */
interface TokenRule {

    /** Every token may come. */
    TokenRule ANY = new TokenRule() {
        @Override
        public boolean allows(int token) {
            return true;
        }

        @Override
        public void take(int token) {
            // nothing to follow
        }
    };

    boolean allows(int token);

    /** The token that comes. */
    void take(int token);

    /** The only tokens that may come, where they are few; empty where there are many. */
    default int[] few() {
        return new int[0];
    }

    /** Whether the text has to end here. */
    default boolean ends() {
        return false;
    }
}
