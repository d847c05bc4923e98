package dev.attune.dataset.quality;

import java.lang.Character.UnicodeScript;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The language of a text, told by its script and, in the Latin script, by the small words that every sentence needs
 * (articles, prepositions, pronouns). It answers only where the evidence is clear: three different small words of the
 * language and twice as many as of the next one. A model of n-grams would tell short texts too, but takes 100 MB and more.
 */
final class Language {
    private static final int SEEN_CHARACTERS = 600;
    private static final int FEWEST_LETTERS = 8;
    private static final double MAIN_SCRIPT = 0.6;
    private static final int FEWEST_WORDS = 8;
    private static final int FEWEST_DIFFERENT = 3;
    private static final double FEWEST_SHARE = 0.15;

    private static final Map<String, String> SMALL_WORDS = Map.of(
            "English",
            "the and is of to in that it you for was are with this have not be on as they your from by at or an will can would there which what has been were",
            "German",
            "der die das und ist nicht ich sie es ein eine den dem mit auf für von zu sich auch wird werden im bei oder aber haben sind wir ihr wie nur noch nach kann",
            "French",
            "le la les des est et une un que qui dans pour pas vous nous je il elle sur avec ce cette au aux du sont ne plus par mais être votre leur ont",
            "Spanish",
            "el la los las es y una un que en de para por con no se del al lo su como más pero este esta usted son está sus muy ya hay puede cuando",
            "Italian",
            "il lo la gli le è e una un che di in per non con si del della al sono come più ma questo questa anche dei nel alla ha può essere suo",
            "Portuguese",
            "o os as é e uma um que de em para por com não se do da dos das no na ao são como mais mas este esta você foi seu sua pode ser está",
            "Dutch",
            "de het een en is van niet ik je dat in op te zijn voor met die er aan ook als maar om bij of wordt naar heeft deze kan nog wij zich",
            "Polish",
            "się nie jest na że do w z i to jak co po za od dla tak są ale przez oraz być może już tylko czy który która będzie ma",
            "Swedish",
            "och att det är en ett som på för med av inte jag den till har om du vi kan från eller men var när ska vara så hur",
            "Turkish",
            "ve bir bu için ile olarak da de çok daha gibi olan ne var değil ama kadar sonra en ben sen mi mı her veya");
    private static final Map<String, List<String>> LANGUAGES_OF = languagesOf();
    private static final Pattern NOT_A_WORD = Pattern.compile("[^\\p{L}\\p{M}']+");

    private Language() {}

    /** The language's English name, or that of the script where that is all that can be told; nothing where it is not clear. */
    static Optional<String> of(String text) {
        String seen = text.substring(0, Math.min(text.length(), SEEN_CHARACTERS));
        var scripts = new HashMap<UnicodeScript, Integer>();
        int letters = 0;
        for (int i = 0; i < seen.length(); i++) {
            char c = seen.charAt(i);
            if (Character.isLetter(c)) {
                letters++;
                scripts.merge(c < 128 ? UnicodeScript.LATIN : UnicodeScript.of(c), 1, Integer::sum);
            }
        }
        int kana = scripts.getOrDefault(UnicodeScript.HIRAGANA, 0) + scripts.getOrDefault(UnicodeScript.KATAKANA, 0);
        int han = scripts.getOrDefault(UnicodeScript.HAN, 0);
        if (letters < FEWEST_LETTERS) {
            return Optional.empty();
        }
        if (kana + han >= MAIN_SCRIPT * letters) {
            return Optional.of(kana > 0.1 * (kana + han) ? "Japanese" : "Chinese");
        }
        int all = letters;
        Optional<UnicodeScript> main = scripts.entrySet().stream()
                .filter(entry -> entry.getValue() >= MAIN_SCRIPT * all).map(Map.Entry::getKey).findFirst();
        return main.flatMap(script -> switch (script) {
            case LATIN -> latin(seen);
            case HANGUL -> Optional.of("Korean");
            case GREEK -> Optional.of("Greek");
            case HEBREW -> Optional.of("Hebrew");
            case THAI -> Optional.of("Thai");
            default -> Optional.of(title(script) + " script");
        });
    }

    private static String title(UnicodeScript script) {
        String name = script.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    }

    private static Optional<String> latin(String text) {
        String[] words = NOT_A_WORD.split(text.toLowerCase(Locale.ROOT));
        if (words.length < FEWEST_WORDS) {
            return Optional.empty();
        }
        Map<String, Map<String, Integer>> hits = new HashMap<>();
        for (String word : words) {
            for (String language : LANGUAGES_OF.getOrDefault(word, List.of())) {
                hits.computeIfAbsent(language, key -> new HashMap<>()).merge(word, 1, Integer::sum);
            }
        }
        String best = "";
        int most = 0;
        int second = 0;
        for (var entry : hits.entrySet()) {
            int count = entry.getValue().values().stream().mapToInt(Integer::intValue).sum();
            if (count > most) {
                second = most;
                most = count;
                best = entry.getKey();
            } else {
                second = Math.max(second, count);
            }
        }
        boolean clear = most >= 2 * second && most >= FEWEST_SHARE * words.length
                && hits.getOrDefault(best, Map.of()).size() >= FEWEST_DIFFERENT;
        return clear ? Optional.of(best) : Optional.empty();
    }

    private static Map<String, List<String>> languagesOf() {
        var languages = new HashMap<String, List<String>>();
        SMALL_WORDS.forEach((language, words) -> {
            for (String word : words.split(" ", -1)) {
                languages.merge(word, List.of(language),
                        (before, more) -> Stream.concat(before.stream(), more.stream()).toList());
            }
        });
        return languages;
    }
}
