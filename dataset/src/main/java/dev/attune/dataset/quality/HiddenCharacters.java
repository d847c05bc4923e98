package dev.attune.dataset.quality;

import dev.attune.dataset.CharacterTraits;
import java.lang.Character.UnicodeScript;
/**
 * Characters that nobody sees: zero-width spaces, byte order marks inside a text, marks and overrides of the writing
 * direction, and the tag characters in which instructions can be smuggled. Joiners stay where they join emoji or scripts
 * that need them, direction marks where a script is written from right to left, soft hyphens and tags of flags always.
 */
final class HiddenCharacters implements TextRepair {
    private static final CheckKind KIND = CheckKind.warning("hidden_character", "a character that nobody sees",
            "remove it, or let attune check --fix OUT do so",
            "Zero-width and direction characters come from web pages and word processors; they split words into odd tokens, and can hide text from the people who review it. Joiners in emoji and in scripts that need them are fine.")
            .fixed(Repair.SAFE);
    private static final int BLACK_FLAG = 0x1F3F4;

    @Override
    public CheckKind kind() {
        return KIND;
    }

    @Override
    public String repaired(Piece piece) {
        String text = piece.text();
        if (!piece.signs().has(CharacterTraits.HIDDEN) || text.codePoints().noneMatch(HiddenCharacters::suspect)) {
            return text;
        }
        boolean rightToLeft = text.codePoints().anyMatch(HiddenCharacters::isRightToLeft);
        var kept = new StringBuilder(text.length());
        for (int i = 0; i < text.length();) {
            int c = text.codePointAt(i);
            int next = i + Character.charCount(c);
            if (!suspect(c) || needed(c, kept, text, next, rightToLeft)) {
                kept.appendCodePoint(c);
            }
            i = next;
        }
        return kept.toString();
    }

    private static boolean suspect(int c) {
        return c == 0x200B || c == 0x2060 || c == 0xFEFF || c == 0x180E || c == 0x200C || c == 0x200D || isDirection(c)
                || isTag(c);
    }

    private static boolean isDirection(int c) {
        return c == 0x200E || c == 0x200F || c == 0x061C || c >= 0x202A && c <= 0x202E || c >= 0x2066 && c <= 0x2069;
    }

    private static boolean isTag(int c) {
        return c >= 0xE0000 && c <= 0xE007F;
    }

    private static boolean needed(int c, StringBuilder before, String text, int next, boolean rightToLeft) {
        if (isDirection(c)) {
            return rightToLeft && c != 0x202D && c != 0x202E;
        }
        if (c == 0x200B) {
            return breaksWords(before.length() == 0 ? 0 : before.codePointBefore(before.length()));
        }
        if (isTag(c)) {
            return inFlag(before);
        }
        if (c == 0x200C || c == 0x200D) {
            return before.length() > 0 && next < text.length() && joins(before.codePointBefore(before.length()))
                    && joins(text.codePointAt(next));
        }
        return false;
    }

    /** Scripts without spaces mark where a line may break with a zero-width space. */
    private static boolean breaksWords(int c) {
        UnicodeScript script = UnicodeScript.of(c);
        return script == UnicodeScript.THAI || script == UnicodeScript.KHMER || script == UnicodeScript.LAO
                || script == UnicodeScript.MYANMAR;
    }

    private static boolean inFlag(CharSequence before) {
        int at = before.length();
        while (at > 0) {
            int c = Character.codePointBefore(before, at);
            if (!isTag(c)) {
                return c == BLACK_FLAG;
            }
            at -= Character.charCount(c);
        }
        return false;
    }

    /** Letters of scripts other than the alphabets of Europe, emoji and what modifies them. */
    private static boolean joins(int c) {
        UnicodeScript script = UnicodeScript.of(c);
        if (script == UnicodeScript.LATIN || script == UnicodeScript.GREEK || script == UnicodeScript.CYRILLIC) {
            return false;
        }
        return Character.isLetter(c) || Character.isEmoji(c) && c > 0xFF || c == 0xFE0F
                || Character.getType(c) == Character.NON_SPACING_MARK
                || Character.getType(c) == Character.COMBINING_SPACING_MARK || Character.isEmojiModifier(c);
    }

    private static boolean isRightToLeft(int c) {
        byte direction = Character.getDirectionality(c);
        return direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT && !isDirection(c)
                || direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC && !isDirection(c);
    }

    @Override
    public String what(Piece piece) {
        return "the text holds the hidden character U+%04X".formatted(piece.text().codePointAt(at(piece)));
    }
}
