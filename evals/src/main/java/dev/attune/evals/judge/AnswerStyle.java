package dev.attune.evals.judge;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How an answer looks, whatever it says: what judges are known to be swayed by. Markdown inside code fences is code and not
 * counted.
 *
 * @param characters its length
 * @param headings lines that begin with one to six {@code #}
 * @param listItems lines that begin with {@code -}, {@code *}, {@code +} or a number
 * @param bold places in bold
 */
public record AnswerStyle(int characters, int headings, int listItems, int bold) {
    private static final Pattern FENCED = Pattern.compile("(?ms)^\\s*```.*?(?:^\\s*```\\s*$|\\z)");
    private static final Pattern HEADING = Pattern.compile("(?m)^\\s{0,3}#{1,6}\\s");
    private static final Pattern LIST_ITEM = Pattern.compile("(?m)^\\s*(?:[-*+]|\\d{1,9}[.)])\\s");
    private static final Pattern BOLD = Pattern.compile("\\*\\*[^*\\n]+\\*\\*|__[^_\\n]+__");

    public static AnswerStyle of(String answer) {
        String text = FENCED.matcher(answer).replaceAll("");
        return new AnswerStyle(answer.length(), count(HEADING, text), count(LIST_ITEM, text), count(BOLD, text));
    }

    private static int count(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        int found = 0;
        while (matcher.find()) {
            found++;
        }
        return found;
    }

    /** Its traits by name, length first. */
    Map<String, Integer> traits() {
        var traits = new LinkedHashMap<String, Integer>();
        traits.put("length", characters);
        traits.put("headings", headings);
        traits.put("list items", listItems);
        traits.put("bold", bold);
        return traits;
    }
}
