package dev.attune.pretraining;

import dev.attune.pretraining.Lesson.Exchange;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** Exercises in which a text is written anew: dates and numbers in another form, another tone, another order. */
final class Rewriting {
    private static final String[][] FORMAL = {{"can't", "cannot"}, {"don't", "do not"}, {"won't", "will not"},
            {"I'm", "I am"}, {"it's", "it is"}, {"we're", "we are"},
            {"isn't", "is not"}, {"didn't", "did not"}, {"doesn't", "does not"}, {"you're", "you are"},
            {"I've", "I have"}, {"couldn't", "could not"},
            {"that's", "that is"}, {"they're", "they are"}, {"I'll", "I will"}, {"we'll", "we will"},
            {"wasn't", "was not"}, {"there's", "there is"}};
    private static final String[][] SHORT = {{"pls", "please"}, {"thx", "thanks"}, {"u", "you"}, {"msg", "message"},
            {"tmrw", "tomorrow"}, {"btw", "by the way"},
            {"acct", "account"}, {"qty", "quantity"}, {"appt", "appointment"}, {"dept", "department"},
            {"info", "information"}, {"addr", "address"},
            {"approx", "approximately"}, {"min", "minutes"}, {"hrs", "hours"}, {"mtg", "meeting"},
            {"asap", "as soon as possible"}, {"w/", "with"}, {"b4", "before"}};
    private static final String[][] POLITE = {{"get", "receive"}, {"want", "would like"}, {"need", "require"},
            {"buy", "purchase"}, {"ask", "enquire"}, {"help", "assist"},
            {"fix", "repair"}, {"show", "demonstrate"}, {"start", "commence"}, {"end", "conclude"}, {"send", "forward"},
            {"tell", "inform"}, {"sorry", "I apologise"},
            {"hi", "Dear Sir or Madam"}, {"thanks", "Thank you"}, {"kids", "children"}, {"guys", "colleagues"},
            {"cheap", "affordable"}, {"broken", "defective"},
            {"problem", "issue"}, {"big", "large"}, {"about", "regarding"}};

    private Rewriting() {}

    /** Values to a normal form: dates, times, numbers, phones, amounts, names. */
    static Lesson normalise(Dice dice) {
        int kind = dice.below(12);
        int style = dice.below(4);
        var turns = new ArrayList<Exchange>();
        int count = dice.between(3, 6);
        boolean inside = dice.chance(0.35);
        String frame = inside
                ? dice.of("we meet on {v}", "{v} please", "it was {v}", "the answer is {v}", "note: {v}",
                        "{first name} said {v}", "put {v} in the {room}")
                : "{v}";
        for (int i = 0; i < count; i++) {
            String[] pair = pair(kind, style, dice);
            boolean keepFrame = inside && style < 2;
            turns.add(new Exchange(expand(frame, pair[0], dice, i), keepFrame ? "" : pair[1]));
            if (keepFrame) {
                String both = Grammar.english().expand(frame.replace("{v}", "\u0001"), dice, Map.of());
                turns.set(i, new Exchange(both.replace("\u0001", pair[0]), both.replace("\u0001", pair[1])));
            }
        }
        return Lesson.task(instruction(kind, style, dice), turns, dice);
    }

    private static String expand(String frame, String value, Dice dice, int turn) {
        return turn < 0 ? value : Grammar.english().expand(frame, dice, Map.of("v", value));
    }

    private static String instruction(int kind, int style, Dice dice) {
        return switch (kind) {
            case 0, 1,
                    2 ->
                style == 0
                        ? dice.of("Write dates as YYYY-MM-DD.", "ISO date.", "Date to ISO format.",
                                "Normalise the date to YYYY-MM-DD.")
                        : style == 1
                                ? dice.of("Write dates as DD.MM.YYYY.", "Date as DD.MM.YYYY")
                                : style == 2
                                        ? dice.of("Write dates as DD/MM.", "Day and month as DD/MM")
                                        : dice.of("Write dates like 5 May 2021.", "Spell the month in the date.");
            case 3, 4 -> dice.of("Write times as 24 hours HH:MM.", "Time as HH:MM.", "24-hour clock.");
            case 5 -> dice.of("Write numbers as digits.", "Number words to digits.", "Use digits.");
            case 6 -> dice.of("Only the digits of the phone number.", "Phone without spaces and signs.",
                    "Strip the phone number.");
            case 7, 8 -> dice.of("Write amounts as 12.50 USD.", "Amount with currency code.", "Normalise the amount.");
            case 9 -> dice.of("Write names as Last, First.", "Last name, first name.");
            case 10 -> dice.of("Initials of the name.", "Give the initials.");
            default -> dice.of("Month as a number.", "Number of the month.");
        };
    }

    private static String[] pair(int kind, int style, Dice dice) {
        return switch (kind) {
            case 0, 1, 2 -> {
                var day = new Dates.Day(dice);
                String to = switch (style) {
                    case 0 -> day.iso();
                    case 1 -> Dates.written(day, 3);
                    case 2 -> String.format(Locale.ROOT, "%02d/%02d", day.day(), day.month());
                    default -> Dates.written(day, 1);
                };
                yield new String[]{Dates.written(day, style == 2 ? dice.between(1, 7) : dice.between(0, 3)), to};
            }
            case 3, 4 -> {
                int hour = dice.below(24);
                int minute = dice.of(0, 0, 5, 10, 15, 20, 30, 40, 45, 50);
                int twelve = hour % 12 == 0 ? 12 : hour % 12;
                String half = hour < 12
                        ? dice.of("am", " am", " in the morning")
                        : dice.of("pm", " pm", hour < 18 ? " in the afternoon" : " in the evening");
                yield new String[]{
                        twelve + (minute == 0 && dice.chance(0.7) ? "" : String.format(Locale.ROOT, ":%02d", minute))
                                + half,
                        String.format(Locale.ROOT, "%02d:%02d", hour, minute)};
            }
            case 5 -> {
                int n = dice.below(12);
                String thing = Values.thing(dice) + "s";
                yield new String[]{Lexicon.english().words("number word").get(n) + " " + thing, (n + 1) + " " + thing};
            }
            case 6 -> {
                String phone = Values.phone(dice);
                yield new String[]{phone, phone.replaceAll("[^0-9]", "")};
            }
            case 7, 8 -> {
                String number = dice.between(1, 400) + (dice.chance(0.5) ? "" : "." + Invented.digits(dice, 2));
                String plain = number.contains(".") ? number : number + ".00";
                int at = dice.below(3);
                String code = List.of("USD", "EUR", "GBP").get(at);
                String written = switch (dice.below(3)) {
                    case 0 -> List.of("$", "€", "£").get(at) + number;
                    case 1 -> number + " " + List.of("dollars", "euros", "pounds").get(at);
                    default -> code + " " + number;
                };
                yield new String[]{written, plain + " " + code};
            }
            case 9 -> {
                String first = Values.first(dice);
                String last = Values.last(dice);
                yield new String[]{first + " " + last, last + ", " + first};
            }
            case 10 -> {
                String first = Values.first(dice);
                String last = Values.last(dice);
                yield new String[]{first + " " + last, first.charAt(0) + "." + last.charAt(0) + "."};
            }
            default -> {
                int month = dice.below(12);
                yield new String[]{Lexicon.english().words("month").get(month), Integer.toString(month + 1)};
            }
        };
    }

    /** A sentence in another dress: contractions and abbreviations written out, a formal tone, less filler. */
    static Lesson style(Dice dice) {
        int kind = dice.below(9);
        var turns = new ArrayList<Exchange>();
        int count = dice.between(2, 4);
        for (int i = 0; i < count; i++) {
            turns.add(styled(kind, dice));
        }
        String instruction = switch (kind) {
            case 0 -> dice.of("Write contractions out.", "No contractions.", "Expand short forms like don't.");
            case 1 -> dice.of("Write abbreviations out.", "Expand the abbreviations.", "No abbreviations.");
            case 2 -> dice.of("Make it formal.", "Use formal words.", "Rewrite in a formal tone.");
            case 3 -> dice.of("Remove greetings and thanks.", "Drop the greeting and the closing.",
                    "Only the content, no greeting.");
            case 4 -> dice.of("Remove filler words.", "Cut filler words.", "Make it shorter, without filler.");
            case 5 -> dice.of("Make it a polite request.", "Ask politely.", "Rewrite as a polite question.");
            case 6 -> dice.of("Write it calmly.", "No shouting.", "Sentence case, one full stop.");
            case 7 -> dice.of("Fix capitals and the full stop.", "Write a proper sentence.",
                    "Capital at the start, full stop at the end.");
            default -> dice.of("Remove the names.", "Replace names by [NAME].", "Hide names as [NAME].");
        };
        return Lesson.task(instruction, turns, dice);
    }

    private static Exchange styled(int kind, Dice dice) {
        String thing = Values.thing(dice);
        return switch (kind) {
            case 0 -> swapped(FORMAL, dice,
                    w -> Grammar.english()
                            .expand(dice.of("{w} in the {room}", "{w} about the " + thing, "{first name} says {w} here",
                                    "{w} sure",
                                    "and {w} on {weekday}", "{w} with {first name}"), dice, Map.of("w", w)));
            case 1 -> swapped(SHORT, dice,
                    w -> Grammar.english()
                            .expand(dice.of("{w} about the " + thing, "the {w} for {first name}",
                                    "{first name} sent {w} on {weekday}",
                                    "{w}", "{w} and the " + thing, "check {w} in {city}"), dice, Map.of("w", w)));
            case 2 -> swapped(POLITE, dice,
                    w -> Grammar.english()
                            .expand(dice.of("I {w} the " + thing, "{w} the " + thing, "{first name} and {w} " + thing,
                                    "we {w} {number word} {animal}s"),
                                    dice, Map.of("w", w)));
            case 3 -> {
                String core = Grammar.english().rule("scene", dice);
                String hello = dice.chance(0.7) ? Values.word("greeting", dice) + dice.of(", ", "! ", " ") : "";
                String bye = dice.chance(0.7) || hello.isEmpty()
                        ? ". " + Values.word(dice.chance(0.6) ? "thanks" : "bye", dice)
                                + dice.of("", "!", " " + Values.first(dice))
                        : "";
                yield new Exchange(Noise.capital(hello) + core + bye, Noise.capital(core) + ".");
            }
            case 4 -> {
                var words = List.of(Grammar.english().rule("scene", dice).split(" ", -1));
                var noisy = new ArrayList<String>();
                for (String word : words) {
                    if (dice.chance(0.2)) {
                        noisy.add(Values.word("filler", dice) + dice.of("", ","));
                    }
                    noisy.add(word);
                }
                yield new Exchange(String.join(" ", noisy), String.join(" ", words));
            }
            case 5 -> {
                String act = Grammar.english()
                        .expand("{fix|send|open|close|clean|check|bring|move|paint|return|cancel|find|call|book} the "
                                + thing
                                + "{| in the {room}| on {weekday}| for {first name}| to {city}}", dice, Map.of());
                yield new Exchange(act + dice.of("", " now", "!", " asap"), "Could you please " + act + "?");
            }
            case 6 -> {
                String text = Grammar.english().rule("filler sentence", dice);
                yield new Exchange(text.toUpperCase(Locale.ROOT) + dice.of("!!", "!!!", "!"),
                        Noise.capital(text.toLowerCase(Locale.ROOT)) + ".");
            }
            case 7 -> {
                String text = Grammar.english().rule(dice.of("scene", "filler sentence"), dice);
                yield new Exchange(text, Noise.capital(text) + ".");
            }
            default -> {
                String frame = dice.of("please ask {n} about the " + thing,
                        "{n} called on " + Values.word("weekday", dice), "I met {n} in " + Values.word("city", dice),
                        "the " + thing + " belongs to {n}", "{n} and I work here");
                String name = Values.first(dice) + dice.of("", " " + Values.last(dice));
                yield new Exchange(frame.replace("{n}", name), frame.replace("{n}", "[NAME]"));
            }
        };
    }

    private static Exchange swapped(String[][] table, Dice dice, Function<String, String> frame) {
        String[] entry = table[dice.below(table.length)];
        String text = frame.apply("\u0001");
        return new Exchange(text.replace("\u0001", entry[0]), text.replace("\u0001", entry[1]));
    }

    /** Values into a fixed sentence, or out of one. */
    static Lesson template(Dice dice) {
        var slots = dice.sample(Slots.ALL, dice.between(1, 3));
        String[] frames = {"Dear {0}, your {1} is ready.", "Ticket for {0}: {1}.", "{0} - {1}",
                "New entry {0} with {1} noted.", "Thank you, {0}. We look into {1}.", "[{0}] {1}",
                "Sent {0} to {1}.", "{1} asked for {0}", "{0} ({1})", "Re: {0}, see {1}.", "{0} -> {1}",
                "Please confirm {0} for {1}."};
        String frame = slots.size() == 1
                ? dice.of("Your {0} is noted.", "Hello {0}!", "We received {0}.", "<{0}>", "Thanks for {0}.",
                        "Case {0} is open.")
                : dice.of(frames)
                        + (slots.size() == 3 ? dice.of(" Note: {2}.", " ({2})", " / {2}") : "");
        String shown = frame;
        for (int k = 0; k < slots.size(); k++) {
            shown = shown.replace("{" + k + "}", "{" + slots.get(k).keys().getFirst() + "}");
        }
        var turns = new ArrayList<Exchange>();
        int count = dice.between(2, 4);
        for (int i = 0; i < count; i++) {
            var said = new ArrayList<String>();
            String answer = frame;
            for (int k = 0; k < slots.size(); k++) {
                var value = Values.of(slots.get(k).kind(), dice);
                said.add(Grammar.english().expand(dice.pick(slots.get(k).sentences()), dice,
                        Map.of("v", value.written())));
                answer = answer.replace("{" + k + "}", value.written());
            }
            if (dice.chance(0.4)) {
                said.add(Grammar.english().rule("filler sentence", dice));
            }
            turns.add(new Exchange(Noise.message(dice.shuffled(said), dice), answer));
        }
        String instruction = dice.chance(0.7)
                ? dice.of("Answer: ", "Reply with: ", "Use this form: ", "Fill in: ", "") + shown
                : dice.of("Answer the note.", "Use the house form.", "");
        return instruction.isEmpty() ? new Lesson.Talk("", turns) : Lesson.task(instruction, turns, dice);
    }
}
