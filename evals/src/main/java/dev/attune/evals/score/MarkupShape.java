package dev.attune.evals.score;

import java.util.ArrayDeque;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether a text is HTML: tags that are closed in order, those that HTML leaves open aside. Knows no element's own rules. */
final class MarkupShape {
    private static final Pattern TAG = Pattern.compile(
            "<!--.*?-->|<!DOCTYPE[^>]*>|<(/?)([A-Za-z][A-Za-z0-9-]*)((?:\\s+[^<>\"']*(?:\"[^\"]*\"|'[^']*')?)*)\\s*(/?)>",
            Pattern.DOTALL | Pattern.CASE_INSENSITIVE);
    private static final Set<String> VOID = Set.of("area", "base", "br", "col", "embed", "hr", "img", "input", "link",
            "meta", "source", "track", "wbr");
    /** Elements whose end tag may be left out. */
    private static final Set<String> OPEN = Set.of("p", "li", "dt", "dd", "option", "optgroup", "tr", "td", "th",
            "thead", "tbody", "tfoot", "colgroup", "html", "head", "body", "rt", "rp");

    private MarkupShape() {}

    /** What is wrong with the text as HTML; nothing where it is. */
    static Optional<String> wrong(String text) {
        var open = new ArrayDeque<String>();
        Matcher tag = TAG.matcher(new Patience(text));
        int end = 0;
        int tags = 0;
        while (tag.find()) {
            if (text.substring(end, tag.start()).indexOf('<') >= 0) {
                return Optional.of("a < stands outside a tag");
            }
            end = tag.end();
            if (tag.group(2) == null) {
                continue;
            }
            tags++;
            String name = tag.group(2).toLowerCase(Locale.ROOT);
            if (tag.group(1).isEmpty()) {
                if (!VOID.contains(name) && tag.group(4).isEmpty()) {
                    open.push(name);
                }
                continue;
            }
            while (!open.isEmpty() && !open.peek().equals(name) && OPEN.contains(open.peek())) {
                open.pop();
            }
            if (open.isEmpty() || !open.pop().equals(name)) {
                return Optional.of("</" + name + "> closes nothing");
            }
        }
        if (tags == 0) {
            return Optional.of("it has no tags");
        }
        if (text.substring(end).indexOf('<') >= 0) {
            return Optional.of("a < stands outside a tag");
        }
        return open.stream().filter(name -> !OPEN.contains(name)).findFirst()
                .map(name -> "<" + name + "> is not closed");
    }
}
