package dev.attune.dataset.quality;

import dev.attune.dataset.CharacterTraits;
import java.lang.Character.UnicodeScript;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ObjIntConsumer;

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
    private static final List<String> NAMES = SMALL_WORDS.keySet().stream().sorted().toList();
    private static final WordSet WORDS = words();
    private static final int[][] LANGUAGES_OF = languagesOf();
    private static final int LONGEST = SMALL_WORDS.values().stream()
            .flatMap(words -> Arrays.stream(words.split(" ", -1))).mapToInt(String::length).max().orElse(0);
    private static final UnicodeScript[] SCRIPTS = UnicodeScript.values();

    /** The script of each character that was met, and one more. */
    private static final byte[] SCRIPT_OF = new byte[1 << 16];

    private Language() {}

    /** The language's English name, or that of the script where that is all that can be told; nothing where it is not clear. */
    static Optional<String> of(String text) {
        String seen = text.substring(0, Math.min(text.length(), SEEN_CHARACTERS));
        int[] scripts = new int[SCRIPTS.length];
        int letters = 0;
        for (int i = 0; i < seen.length(); i++) {
            char c = seen.charAt(i);
            if (c < 128 ? c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' : Character.isLetter(c)) {
                letters++;
                scripts[script(c)]++;
            }
        }
        int kana = scripts[UnicodeScript.HIRAGANA.ordinal()] + scripts[UnicodeScript.KATAKANA.ordinal()];
        int han = scripts[UnicodeScript.HAN.ordinal()];
        if (letters < FEWEST_LETTERS) {
            return Optional.empty();
        }
        if (kana + han >= MAIN_SCRIPT * letters) {
            return Optional.of(kana > 0.1 * (kana + han) ? "Japanese" : "Chinese");
        }
        for (UnicodeScript script : SCRIPTS) {
            if (scripts[script.ordinal()] >= MAIN_SCRIPT * letters) {
                return switch (script) {
                    case LATIN -> latin(seen);
                    case HANGUL -> Optional.of("Korean");
                    case GREEK -> Optional.of("Greek");
                    case HEBREW -> Optional.of("Hebrew");
                    case THAI -> Optional.of("Thai");
                    default -> Optional.of(title(script) + " script");
                };
            }
        }
        return Optional.empty();
    }

    /** The number of a letter's script. */
    private static int script(char c) {
        if (c < 128) {
            return UnicodeScript.LATIN.ordinal();
        }
        int known = SCRIPT_OF[c];
        if (known == 0) {
            known = UnicodeScript.of(c).ordinal() + 1;
            SCRIPT_OF[c] = (byte) known;
        }
        return (known & 0xFF) - 1;
    }

    private static String title(UnicodeScript script) {
        String name = script.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    }

    private static Optional<String> latin(String text) {
        int[] counts = new int[NAMES.size()];
        int[] different = new int[NAMES.size()];
        var met = new BitSet(WORDS.size());
        var word = new WordScan(text, CharacterTraits.LETTER, '\'');
        int words = 0;
        while (word.next()) {
            // Where no word begins the text, nothing before the first sign that is none counts as one.
            words += words == 0 && word.start() > 0 ? 2 : 1;
            int known = word.length() > LONGEST ? -1 : WORDS.number(word.hash());
            if (known >= 0) {
                boolean first = !met.get(known);
                met.set(known);
                for (int language : LANGUAGES_OF[known]) {
                    counts[language]++;
                    different[language] += first ? 1 : 0;
                }
            }
        }
        int best = 0;
        int second = 0;
        for (int i = 1; i < counts.length; i++) {
            if (counts[i] > counts[best]) {
                second = counts[best];
                best = i;
            } else {
                second = Math.max(second, counts[i]);
            }
        }
        boolean clear = words >= FEWEST_WORDS && counts[best] >= 2 * second
                && counts[best] >= FEWEST_SHARE * words && different[best] >= FEWEST_DIFFERENT;
        return clear ? Optional.of(NAMES.get(best)) : Optional.empty();
    }

    private static long hash(String word) {
        var scan = new WordScan(word, CharacterTraits.LETTER, '\'');
        return scan.next() ? scan.hash() : 0;
    }

    private static WordSet words() {
        var words = new WordSet(512);
        everyWord((word, language) -> words.add(hash(word)));
        return words;
    }

    /** The languages of each small word, by the word's number. */
    private static int[][] languagesOf() {
        int[][] languages = new int[WORDS.size()][0];
        everyWord((word, language) -> {
            int number = WORDS.number(hash(word));
            int[] more = Arrays.copyOf(languages[number], languages[number].length + 1);
            more[more.length - 1] = language;
            languages[number] = more;
        });
        return languages;
    }

    private static void everyWord(ObjIntConsumer<String> taker) {
        for (int i = 0; i < NAMES.size(); i++) {
            for (String word : SMALL_WORDS.getOrDefault(NAMES.get(i), "").split(" ", -1)) {
                taker.accept(word, i);
            }
        }
    }
}
