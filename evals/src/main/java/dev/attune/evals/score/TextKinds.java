package dev.attune.evals.score;

import dev.attune.evals.config.ConfigNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** What the answer's text is or holds: the expected text, one of several, a pattern. */
final class TextKinds {
    private TextKinds() {}

    static Map<String, ScorerKind> all() {
        var kinds = new LinkedHashMap<String, ScorerKind>();
        kinds.put("exact", (o, s) -> new ExactScorer(o.flag("ignore_case", false)));
        kinds.put("contains", (o, s) -> match("contains", TextMatch.How.CONTAINS, TextMatch.Several.ALL, o, true));
        match(kinds, "equals", TextMatch.How.EQUALS, TextMatch.Several.ANY, false);
        match(kinds, "iequals", TextMatch.How.EQUALS, TextMatch.Several.ANY, true);
        match(kinds, "icontains", TextMatch.How.CONTAINS, TextMatch.Several.ALL, true);
        match(kinds, "contains_all", TextMatch.How.CONTAINS, TextMatch.Several.ALL, false);
        match(kinds, "contains_any", TextMatch.How.CONTAINS, TextMatch.Several.ANY, false);
        match(kinds, "icontains_all", TextMatch.How.CONTAINS, TextMatch.Several.ALL, true);
        match(kinds, "icontains_any", TextMatch.How.CONTAINS, TextMatch.Several.ANY, true);
        match(kinds, "starts_with", TextMatch.How.STARTS_WITH, TextMatch.Several.ANY, false);
        match(kinds, "ends_with", TextMatch.How.ENDS_WITH, TextMatch.Several.ANY, false);
        match(kinds, "one_of", TextMatch.How.EQUALS, TextMatch.Several.ANY, true);
        match(kinds, "regex", TextMatch.How.REGEX, TextMatch.Several.ALL, false);
        return kinds;
    }

    private static void match(Map<String, ScorerKind> kinds, String name, TextMatch.How how, TextMatch.Several several,
            boolean ignoreCase) {
        kinds.put(name, (o, s) -> match(name, how, several, o, ignoreCase));
    }

    private static Scorer match(String name, TextMatch.How how, TextMatch.Several several, ConfigNode options,
            boolean ignoreCase) {
        var match = new TextMatch(name, how, several, texts(options, "value"), options.flag("ignore_case", ignoreCase));
        match.patterns().forEach(pattern -> {
            try {
                Pattern.compile(pattern);
            } catch (PatternSyntaxException e) {
                options.problem("value",
                        "is no pattern: " + e.getDescription() + " near character " + (e.getIndex() + 1));
            }
        });
        return match;
    }

    /** The texts of a key or of the shorthand for it. */
    static List<String> texts(ConfigNode options, String key) {
        return options.texts(key, options.texts("value", List.of()));
    }
}
