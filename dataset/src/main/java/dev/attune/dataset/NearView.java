package dev.attune.dataset;

/** One way in which two rows are compared for nearness: which text, and which shingles. */
enum NearView {
    WHOLE_CHARACTERS(false, true), WHOLE_WORDS(false, false), QUESTION_CHARACTERS(true, true),
    QUESTION_WORDS(true, false);

    private final boolean question;
    private final boolean characters;

    NearView(boolean question, boolean characters) {
        this.question = question;
        this.characters = characters;
    }

    /** Whether questions are compared, in all files, and not whole rows within a file. */
    boolean isQuestion() {
        return question;
    }

    long[] shingles(RowStore.Stored row) {
        String text = question ? row.question() : row.whole();
        return characters ? Shingles.characters(text) : Shingles.words(text);
    }

    /** What tells the bands of one view, and of one file where it matters, from those of others. */
    long space(ScannedFile file) {
        return Shingles.mix(ordinal() * 0x10000L + (question ? 0 : file.number + 1));
    }
}
