package dev.attune.dataset.quality;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tags and phrases of web pages in answers. Rows in which anything speaks of markup or holds code are left out, and nothing
 * is said where half of all answers have tags: then they are the form of the answer.
 */
final class HtmlRemnants implements QualityCheck {
    private static final CheckKind KIND = CheckKind.warning("html_remnant", "remains of a web page in an answer",
            "take the text without its tags",
            "Answers taken from web pages bring tags and cookie banners along, and the model learns to write them. Rows that speak of markup or hold code are not reported, nor data whose answers are HTML throughout.");
    private static final Pattern PAGE = Pattern.compile(
            "(?i)\\b(?:accept (?:all )?cookies|we use cookies to|enable javascript|javascript is (?:disabled|required)|lorem ipsum dolor|skip to (?:main )?content)\\b");
    private static final Pattern INLINE_CODE = Pattern.compile("`[^`\\n]*`");
    private static final double FORM_OF_ANSWERS = 0.5;

    private final Reporter.Places places = new Reporter.Places();
    private int answers;

    @Override
    public List<CheckKind> kinds() {
        return List.of(KIND);
    }

    @Override
    public Note look(RowTexts row) {
        var found = new Found(row.line());
        for (Piece piece : row.pieces()) {
            if (piece.isAnswer()) {
                answer(row, piece, found);
            }
        }
        Note note = found.note();
        return row.answer().isEmpty() ? note : out -> {
            answers++;
            note.take(out);
        };
    }

    private void answer(RowTexts row, Piece piece, Found found) {
        String text = piece.text();
        Matcher page = PAGE.matcher(text);
        if (mayBePage(text) && page.find()) {
            int start = page.start();
            found.note(out -> places.add(row.line(), piece.pointer(), "the answer holds a phrase of a web page",
                    Excerpt.around(text, start)));
            return;
        }
        if (!piece.signs().hasLess() || !HtmlText.hasTag(text)) {
            return;
        }
        Matcher tag = HtmlText.tag().matcher(INLINE_CODE.matcher(text).replaceAll(""));
        if (tag.find() && row.pieces().stream().noneMatch(other -> HtmlText.isMeant(other.text())
                || other != piece && other.signs().hasLess() && HtmlText.hasTag(other.text()))) {
            String name = shortened(tag.group());
            int start = Math.max(0, text.indexOf(tag.group()));
            found.note(out -> places.add(row.line(), piece.pointer(), "the answer holds the HTML tag " + name,
                    Excerpt.around(text, start)));
        }
    }

    /** Whether a word stands in a text of which every phrase has one; looking for its rarest letter first is much faster. */
    private static boolean mayBePage(String text) {
        for (int i = 0; i < text.length(); i++) {
            int c = text.charAt(i) | 0x20;
            if (c == 'k' && (text.regionMatches(true, i - 3, "cookies", 0, 7)
                    || text.regionMatches(true, i - 1, "skip to", 0, 7))
                    || c == 'v' && text.regionMatches(true, i - 2, "javascript", 0, 10)
                    || c == 'm' && text.regionMatches(true, i - 4, "lorem", 0, 5)) {
                return true;
            }
        }
        return false;
    }

    private static String shortened(String tag) {
        int space = tag.indexOf(' ');
        return space < 0 ? tag : tag.substring(0, space) + " …>";
    }

    @Override
    public void end(Reporter out) {
        if (places.rows() < FORM_OF_ANSWERS * answers || answers < 4) {
            out.found(KIND, places);
        }
    }
}
