package dev.attune.pretraining;

import java.util.List;
import java.util.Locale;

/** Values that a message can state, by kind: each as the message writes it and as an answer should. */
final class Values {
    private static final List<String> NOUN_CLASSES = List.of("tool", "furniture", "clothing", "vehicle", "instrument",
            "computer", "phone",
            "meal", "dessert", "fruit", "toy", "misc noun", "kitchen", "vegetable", "drink");
    private static final String[] STREETS = {"Street", "Road", "Lane", "Avenue", "Way", "Close", "Square", "Hill"};
    private static final String[] SUFFIXES = {"Ltd", "Inc", "GmbH", "& Sons", "Group", "Labs", "Systems", "Works",
            "Foods", "Bank", "Tech", "Partners"};

    private Values() {}

    /**
     * @param written as it stands in the message
     * @param plain as an answer gives it when nothing else is asked; mostly the same
     * @param number whether JSON may write it without quotes
     */
    record Value(String written, String plain, boolean number) {
        Value(String written) {
            this(written, written, false);
        }
    }

    static Value of(String kind, Dice dice) {
        return switch (kind) {
            case "person" -> new Value(first(dice) + " " + last(dice));
            case "first" -> new Value(first(dice));
            case "orderid", "sku" -> new Value(Invented.code(dice));
            case "email" -> new Value(email(dice));
            case "phone" -> new Value(phone(dice));
            case "city" -> new Value(dice.chance(0.15) ? Invented.name(dice) : word("city", dice));
            case "amount" -> new Value(amount(dice));
            case "date" -> Dates.of(dice);
            case "time" -> new Value(time(dice));
            case "digits" -> new Value(Invented.digits(dice, dice.between(4, 5)));
            case "device" -> new Value(Invented.word(dice) + dice.of("", "-", "-srv") + dice.between(1, 40));
            case "quantity" -> quantity(dice);
            case "product" -> new Value(product(dice));
            case "thing" -> new Value(thing(dice));
            case "company" -> new Value(company(dice));
            case "version" ->
                new Value(dice.between(1, 14) + "." + dice.below(20) + (dice.chance(0.5) ? "." + dice.below(30) : ""));
            case "errorcode" ->
                new Value(dice.of("E", "ERR-", "E-", "0x", "") + Invented.digits(dice, dice.between(2, 4)));
            case "address" -> new Value(address(dice));
            case "username" -> new Value(username(dice));
            case "url" -> new Value(Invented.word(dice) + dice.of(".com", ".org", ".net", ".io") + "/"
                    + dice.of(word("software", dice).replace(' ', '-'), Invented.word(dice)));
            case "percent" -> new Value(dice.between(1, 99) + dice.of("%", "%", " percent"));
            case "duration" ->
                new Value(dice.between(2, 60) + " " + dice.of("minutes", "hours", "days", "weeks", "months"));
            case "room" -> new Value(dice.chance(0.5)
                    ? Invented.letters(dice, 1, true) + Invented.digits(dice, dice.between(1, 3))
                    : Invented.digits(dice, dice.between(1, 3)));
            case "plate" -> new Value(Invented.letters(dice, 2, true) + " " + Invented.digits(dice, dice.between(2, 4))
                    + dice.of("", " " + Invented.letters(dice, 2, true)));
            case "pseudo" -> new Value(dice.chance(0.5) ? Invented.name(dice) : Invented.word(dice));
            case "quoted" -> new Value(
                    word("adjective", dice) + " " + thing(dice) + dice.of("", " in " + word("city", dice), " again"));
            case "measure" ->
                new Value(dice.between(1, 99) + dice.of("", "." + dice.below(10)) + " " + word("unit", dice));
            default -> new Value(word(kind, dice));
        };
    }

    static String word(String name, Dice dice) {
        return dice.pick(Lexicon.english().words(name));
    }

    static String first(Dice dice) {
        return dice.chance(0.25) ? Invented.name(dice) : word("first name", dice);
    }

    static String last(Dice dice) {
        return dice.chance(0.3) ? Invented.name(dice) : word("last name", dice);
    }

    static String thing(Dice dice) {
        var noun = word(dice.pick(NOUN_CLASSES), dice);
        return dice.chance(0.25) ? word("color", dice) + " " + noun : noun;
    }

    static String product(Dice dice) {
        return switch (dice.below(6)) {
            case 0 -> Invented.name(dice) + " " + dice.between(2, 900);
            case 1 -> Invented.name(dice) + " " + dice.of("Pro", "Mini", "Max", "Plus", "Air", "One", "X");
            case 2 -> Invented.name(dice) + " "
                    + Invented.capital(word(dice.of("computer", "tool", "kitchen", "misc noun"), dice));
            case 3 -> Invented.name(dice) + Invented.capital(Invented.word(dice));
            case 4 -> Invented.name(dice);
            default -> Invented.letters(dice, 2, true) + dice.of("-", "") + dice.between(10, 990);
        };
    }

    static String company(Dice dice) {
        return dice.chance(0.5)
                ? Invented.name(dice) + " " + dice.of(SUFFIXES)
                : dice.chance(0.5) ? last(dice) + " " + dice.of(SUFFIXES) : Invented.name(dice);
    }

    static String email(Dice dice) {
        String user = switch (dice.below(4)) {
            case 0 -> first(dice) + "." + last(dice);
            case 1 -> first(dice) + dice.between(1, 99);
            case 2 -> Invented.word(dice);
            default -> Invented.letters(dice, 1, false) + "." + last(dice);
        };
        String host = dice.chance(0.4) ? dice.of("mail", "example", "post", "inbox", "home") : Invented.word(dice);
        return (user.replace("'", "").replace("ü", "ue") + "@" + host
                + dice.of(".com", ".com", ".org", ".net", ".de", ".co.uk", ".io")).toLowerCase(Locale.ROOT);
    }

    static String username(Dice dice) {
        return switch (dice.below(3)) {
            case 0 -> "@" + Invented.word(dice) + dice.of("", Integer.toString(dice.below(100)));
            case 1 -> Invented.word(dice) + "_" + Invented.word(dice);
            default -> first(dice).toLowerCase(Locale.ROOT) + Invented.digits(dice, 2);
        };
    }

    static String phone(Dice dice) {
        return switch (dice.below(4)) {
            case 0 -> "+" + dice.between(1, 99) + " " + Invented.digits(dice, 3) + " " + Invented.digits(dice, 4);
            case 1 -> Invented.digits(dice, 3) + "-" + Invented.digits(dice, 4);
            case 2 -> "0" + Invented.digits(dice, 3) + " " + Invented.digits(dice, 5);
            default -> Invented.digits(dice, 3) + "-" + Invented.digits(dice, 3) + "-" + Invented.digits(dice, 4);
        };
    }

    static String number(Dice dice) {
        return Integer.toString(dice.between(1, dice.of(9, 99, 999)));
    }

    static String amount(Dice dice) {
        String number = number(dice) + (dice.chance(0.6) ? "." + Invented.digits(dice, 2) : "");
        return switch (dice.below(6)) {
            case 0, 1 -> "$" + number;
            case 2 -> "€" + number;
            case 3 -> number + " " + dice.of("EUR", "USD", "GBP", "CHF");
            case 4 -> "£" + number;
            default -> number + " " + dice.of("euros", "dollars", "pounds");
        };
    }

    static String time(Dice dice) {
        int hour = dice.between(1, 12);
        return switch (dice.below(4)) {
            case 0 -> hour + dice.of("am", "pm", " am", " pm");
            case 1 -> dice.between(6, 22) + ":" + dice.of("00", "15", "30", "45");
            case 2 -> hour + ":" + dice.of("05", "10", "15", "20", "30", "40", "45", "50")
                    + dice.of("am", "pm", " am", " pm");
            default -> hour + " o'clock";
        };
    }

    static Value quantity(Dice dice) {
        if (dice.chance(0.3)) {
            int n = dice.below(12);
            var word = Lexicon.english().words("number word").get(n);
            return new Value(word, Integer.toString(n + 1), true);
        }
        var number = number(dice);
        return new Value(number, number, true);
    }

    static String address(Dice dice) {
        String street = dice.chance(0.5)
                ? Invented.name(dice)
                : Invented.capital(word(dice.of("garden", "nature", "bird", "fruit"), dice));
        return dice.between(1, 199) + " " + street + " " + dice.of(STREETS);
    }
}
