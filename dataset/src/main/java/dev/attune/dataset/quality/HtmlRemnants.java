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
    public void row(RowTexts row, Reporter out) {
        answers += row.answer().isEmpty() ? 0 : 1;
        for (Piece piece : row.pieces()) {
            if (piece.isAnswer()) {
                answer(row, piece);
            }
        }
    }

    private void answer(RowTexts row, Piece piece) {
        String text = piece.text();
        Matcher page = PAGE.matcher(text);
        if (page.find()) {
            places.add(row.line(), piece.pointer(), "the answer holds a phrase of a web page",
                    Excerpt.around(text, page.start()));
            return;
        }
        if (!piece.signs().hasLess() || !HtmlText.hasTag(text)) {
            return;
        }
        Matcher tag = HtmlText.tag().matcher(INLINE_CODE.matcher(text).replaceAll(""));
        if (tag.find() && row.pieces().stream().noneMatch(other -> HtmlText.isMeant(other.text())
                || other != piece && other.signs().hasLess() && HtmlText.hasTag(other.text()))) {
            places.add(row.line(), piece.pointer(), "the answer holds the HTML tag " + shortened(tag.group()),
                    Excerpt.around(text, Math.max(0, text.indexOf(tag.group()))));
        }
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
