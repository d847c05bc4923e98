package dev.attune.pretraining;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * Hasty notes of an office, rewritten by the rules of the house: no greeting and no thanks, shorthand written out, times
 * as 15:30, money as EUR 12.50, a capital at the start and a full stop at the end.
 */
final class HouseStyle implements Function<Dice, ExampleDatasets.Sample> {
    private static final Map<String, List<String>> SHORTHAND = Map.ofEntries(
            Map.entry("mtg", List.of("meeting", "mtg", "meeting")),
            Map.entry("pls", List.of("please", "pls", "plz", "please")), Map.entry("msg", List.of("message", "msg")),
            Map.entry("re", List.of("about", "re", "about")),
            Map.entry("ppl", List.of("people", "ppl")), Map.entry("appt", List.of("appointment", "appt")),
            Map.entry("asap", List.of("as soon as possible", "asap")),
            Map.entry("qty", List.of("quantity", "qty")), Map.entry("w/", List.of("with", "w/")),
            Map.entry("b4", List.of("before", "b4", "before")),
            Map.entry("info", List.of("information", "info")), Map.entry("approx", List.of("approximately", "approx")),
            Map.entry("tmrw", List.of("tomorrow", "tmrw")),
            Map.entry("dept", List.of("department", "dept")), Map.entry("can't", List.of("cannot", "can't", "cant")),
            Map.entry("won't", List.of("will not", "won't", "wont")),
            Map.entry("don't", List.of("do not", "don't", "dont")),
            Map.entry("doesn't", List.of("does not", "doesn't", "doesnt")),
            Map.entry("didn't", List.of("did not", "didn't", "didnt")),
            Map.entry("isn't", List.of("is not", "isn't", "isnt")),
            Map.entry("hasn't", List.of("has not", "hasn't", "hasnt")), Map.entry("it's", List.of("it is", "it's")),
            Map.entry("I'm", List.of("I am", "I'm", "im")),
            Map.entry("I've", List.of("I have", "I've", "ive")), Map.entry("we're", List.of("we are", "we're")));
    private static final List<String> NAMES = List.of("Anna", "Boris", "Carla", "Dario", "Elena", "Felix", "Greta",
            "Hassan", "Ines", "Jonas", "Karen", "Lars", "Mona", "Nora",
            "Oscar", "Priya", "Quentin", "Rosa", "Sven", "Tina", "Umar", "Vera", "Walter", "Yuki", "Zoe");

    private final Grammar grammar = Grammar.load("housestyle.txt");

    @Override
    public ExampleDatasets.Sample apply(Dice dice) {
        var hasty = new HashMap<String, String>();
        var proper = new HashMap<String, String>();
        SHORTHAND.forEach((key, forms) -> proper.put(key, forms.getFirst()));
        for (String key : SHORTHAND.keySet().stream().sorted().toList()) {
            var forms = SHORTHAND.getOrDefault(key, List.of(key));
            hasty.put(key, forms.get(dice.chance(0.15) ? 0 : dice.between(1, forms.size() - 1)));
        }
        var names = dice.sample(NAMES, 2);
        String number = Integer.toString(dice.between(2, 60));
        both(hasty, proper, "name", names.getFirst(), names.getFirst());
        both(hasty, proper, "friend", names.getLast(), names.getLast());
        both(hasty, proper, "number", number, number);
        time(hasty, proper, dice);
        money(hasty, proper, dice);
        long fork = dice.next();
        String template = dice.pick(grammar.alternatives("note"));
        String note = grammar.expand(template, new Dice(fork, 0, false), hasty);
        String answer = Noise.capital(grammar.expand(template, new Dice(fork, 0, false), proper)) + ".";
        String head = dice.chance(0.45) ? grammar.rule("head", dice) + dice.of(", ", " ", "! ", " - ") : "";
        String tail = dice.chance(0.35) ? dice.of(", ", " ", ". ", "! ") + grammar.rule("tail", dice) : "";
        String text = head + note + (tail.isEmpty() ? dice.of("", "", ".", "!", "!!") : tail);
        return new ExampleDatasets.Sample("House style.", dice.chance(0.5) ? text : Noise.capital(text), answer);
    }

    private static void both(Map<String, String> hasty, Map<String, String> proper, String key, String first,
            String second) {
        hasty.put(key, first);
        proper.put(key, second);
    }

    private static void time(Map<String, String> hasty, Map<String, String> proper, Dice dice) {
        int hour = dice.between(8, 19);
        int minute = dice.of(0, 0, 15, 30, 45);
        int twelve = hour > 12 ? hour - 12 : hour;
        String minutes = minute == 0 ? "" : ":" + minute;
        String half = hour < 12 ? "am" : "pm";
        String full = String.format(Locale.ROOT, "%02d:%02d", hour, minute);
        both(hasty, proper, "time", dice.of(twelve + minutes + half, twelve + minutes + " " + half, full), full);
    }

    private static void money(Map<String, String> hasty, Map<String, String> proper, Dice dice) {
        int euros = dice.between(3, 480);
        String cents = dice.chance(0.5) ? "" : "." + dice.between(10, 99);
        String number = euros + cents;
        String full = "EUR " + euros + (cents.isEmpty() ? ".00" : cents);
        both(hasty, proper, "money", dice.of("€" + number, number + " €", number + " euros", number + "€"), full);
    }
}
