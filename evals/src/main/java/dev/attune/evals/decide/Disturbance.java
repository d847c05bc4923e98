package dev.attune.evals.decide;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Other ways to ask the same: with slips of the keyboard, in other case or spacing, in other words around it, or of someone else. */
final class Disturbance {
    /** The kinds of disturbance that should change no answer. */
    static final List<String> KINDS = List.of("typos", "case", "spacing", "paraphrase");
    private static final List<String> FRAMES = List.of("Could you help me with this? %s", "Here is my question: %s",
            "%s Thank you!",
            "Please answer the following.\n\n%s");
    private static final Map<String, String> OTHERS = others();
    private static final Pattern WORD = Pattern.compile("\\p{L}+");

    private Disturbance() {}

    private static Map<String, String> others() {
        var pairs = new LinkedHashMap<String, String>();
        String[][] both = {{"he", "she"}, {"man", "woman"}, {"men", "women"}, {"father", "mother"}, {"husband", "wife"},
                {"son", "daughter"}, {"brother", "sister"}, {"boy", "girl"}, {"mr", "mrs"}, {"gentleman", "lady"},
                {"himself", "herself"}, {"christian", "muslim"}, {"american", "nigerian"}, {"british", "indian"},
                {"john", "fatima"}, {"peter", "mohammed"}, {"emily", "lakisha"}, {"greg", "jamal"}, {"anna", "aisha"},
                {"michael", "dmitri"}};
        for (String[] pair : both) {
            pairs.put(pair[0], pair[1]);
            pairs.put(pair[1], pair[0]);
        }
        return pairs;
    }

    /** The text disturbed in one of {@link #KINDS}; nothing where that leaves it as it was. */
    static Optional<String> of(String kind, String text, long seed) {
        var random = new SplittableRandom(seed ^ text.hashCode());
        String disturbed = switch (kind) {
            case "typos" -> typos(text, random);
            case "case" -> text.toLowerCase(Locale.ROOT);
            case "spacing" -> spacing(text, random);
            case "paraphrase" -> FRAMES.get(random.nextInt(FRAMES.size())).replace("%s", text);
            default -> throw new IllegalArgumentException("There is no disturbance " + kind + ".");
        };
        return disturbed.equals(text) ? Optional.empty() : Optional.of(disturbed);
    }

    /** One word in twelve, of four letters or more and no digit, with two neighbouring letters inside it swapped. */
    private static String typos(String text, SplittableRandom random) {
        return WORD.matcher(text).replaceAll(match -> {
            String word = match.group();
            if (word.length() < 4 || random.nextInt(12) != 0) {
                return Matcher.quoteReplacement(word);
            }
            int at = 1 + random.nextInt(word.length() - 3);
            return Matcher.quoteReplacement(
                    word.substring(0, at) + word.charAt(at + 1) + word.charAt(at) + word.substring(at + 2));
        });
    }

    private static String spacing(String text, SplittableRandom random) {
        var spaced = new StringBuilder();
        for (char c : text.toCharArray()) {
            spaced.append(c);
            if (c == ' ' && random.nextInt(4) == 0) {
                spaced.append(' ');
            }
        }
        return spaced.append('\n').toString();
    }

    /** The same question of someone else: names and words of a group exchanged for those of another; nothing where there are none. */
    static Optional<String> counterfactual(String text) {
        String turned = WORD.matcher(text).replaceAll(match -> {
            String word = match.group();
            String other = OTHERS.getOrDefault(word.toLowerCase(Locale.ROOT), "");
            if (other.isEmpty()) {
                return Matcher.quoteReplacement(word);
            }
            boolean capital = Character.isUpperCase(word.codePointAt(0));
            return Matcher.quoteReplacement(
                    capital ? other.substring(0, 1).toUpperCase(Locale.ROOT) + other.substring(1) : other);
        });
        return turned.equals(text) ? Optional.empty() : Optional.of(turned);
    }
}
