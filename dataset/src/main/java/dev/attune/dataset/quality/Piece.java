package dev.attune.dataset.quality;

/**
 * One text of a row.
 *
 * @param pointer JSON pointer to the text
 * @param role the role of its message
 * @param text the text itself, as the model is given it
 * @param signs what its characters are, so that checks need not read texts that cannot concern them
 */
record Piece(String pointer, String role, String text, TextSigns signs) {

    boolean isAnswer() {
        return role.equals("assistant");
    }
}
