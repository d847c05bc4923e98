package dev.attune.pretraining;

import dev.attune.pretraining.Lesson.Exchange;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** Exercises on bare strings: repeat them, change their case, pick, join, turn round, look up by a key. */
final class Copying {
    private Copying() {}

    /** The same strings back, several turns of them. */
    static Lesson repeat(Dice dice) {
        var turns = new ArrayList<Exchange>();
        int count = dice.between(2, 5);
        for (int i = 0; i < count; i++) {
            String text = strings(dice, dice.between(1, 5), dice.of(" ", " ", ", "));
            turns.add(new Exchange(text, text));
        }
        return Lesson.task(dice.of("Repeat the text.", "Repeat", "Copy the message exactly.", "Echo what I write.",
                "Say the same.", "Write the input again.",
                "Return the text unchanged."), turns, dice);
    }

    static String strings(Dice dice, int count, String separator) {
        var words = new ArrayList<String>();
        for (int i = 0; i < count; i++) {
            words.add(dice.chance(0.4)
                    ? Values.word(dice.pick(Lexicon.english().names()), dice)
                    : Invented.anything(dice));
        }
        return String.join(separator, words);
    }

    /** A change that is the same for every turn. */
    static Lesson change(Dice dice) {
        int kind = dice.below(18);
        var turns = new ArrayList<Exchange>();
        int count = dice.between(2, 5);
        String instruction = "";
        String[] glue = {"-", "_", "/", ", ", " and ", "+", "|", ";", " > "};
        String joiner = dice.of(glue);
        String other = dice.of(glue);
        String word = Invented.word(dice);
        for (int i = 0; i < count; i++) {
            var words = new ArrayList<String>();
            int length = dice.between(2, 4);
            for (int w = 0; w < length; w++) {
                words.add(simple(dice));
            }
            String text = String.join(" ", words);
            switch (kind) {
                case 0 -> {
                    instruction = "Write it in capital letters.|Upper case.|Convert to upper case.|ALL CAPS please.";
                    turns.add(new Exchange(text, text.toUpperCase(Locale.ROOT)));
                }
                case 1 -> {
                    instruction = "Write it in small letters.|Lower case.|Convert to lower case.";
                    turns.add(new Exchange(text.toUpperCase(Locale.ROOT), text.toLowerCase(Locale.ROOT)));
                }
                case 2 -> {
                    instruction = "Give every word a capital.|Title case.|Capitalise each word.";
                    turns.add(new Exchange(text.toLowerCase(Locale.ROOT), String.join(" ",
                            words.stream().map(x -> Invented.capital(x.toLowerCase(Locale.ROOT))).toList())));
                }
                case 3 -> {
                    instruction = "Reverse the order of the words.|Turn the words round.|Last word first.";
                    var turned = new ArrayList<>(words);
                    Collections.reverse(turned);
                    turns.add(new Exchange(text, String.join(" ", turned)));
                }
                case 4 -> {
                    instruction = "Give the first word.|First word only.|Only the first word.";
                    turns.add(new Exchange(text, words.getFirst()));
                }
                case 5 -> {
                    instruction = "Give the last word.|Last word only.|What is the last word?";
                    turns.add(new Exchange(text, words.getLast()));
                }
                case 6 -> {
                    instruction = "Join the words with \"" + joiner + "\".|Put " + joiner + " between the words.";
                    turns.add(new Exchange(text, String.join(joiner, words)));
                }
                case 7 -> {
                    instruction = "Split at \"" + joiner + "\" and use \"" + other + "\".|Replace " + joiner + " by "
                            + other;
                    turns.add(new Exchange(String.join(joiner, words), String.join(other, words)));
                }
                case 8 -> {
                    instruction = "Put it in quotes.|Quote the text.";
                    turns.add(new Exchange(text, "\"" + text + "\""));
                }
                case 9 -> {
                    instruction = "Make a list with dashes.|One word a line, with a dash.|As a bullet list.";
                    turns.add(new Exchange(String.join(dice.of(", ", " "), words), "- " + String.join("\n- ", words)));
                }
                case 10 -> {
                    instruction = "Make one line of the list.|Write the list with commas.";
                    turns.add(new Exchange("- " + String.join("\n- ", words), String.join(", ", words)));
                }
                case 11 -> {
                    instruction = "Swap the first two words.|Exchange the first and second word.";
                    var swapped = new ArrayList<>(words);
                    Collections.swap(swapped, 0, 1);
                    turns.add(new Exchange(text, String.join(" ", swapped)));
                }
                case 12 -> {
                    instruction = "Write \"" + word + "\" in front.|Begin with " + word + ".|Add the word " + word
                            + " before the text.";
                    turns.add(new Exchange(text, word + " " + text));
                }
                case 13 -> {
                    instruction = "Write \"" + word + "\" at the end.|End with " + word + ".";
                    turns.add(new Exchange(text, text + " " + word));
                }
                case 14 -> {
                    instruction = "Give the second word.|Second word only.";
                    turns.add(new Exchange(text, words.get(1)));
                }
                case 15 -> {
                    instruction = "Remove the first word.|Drop the first word.";
                    turns.add(new Exchange(text, String.join(" ", words.subList(1, words.size()))));
                }
                case 16 -> {
                    instruction = "How many words?|Count the words.";
                    turns.add(new Exchange(text, Integer.toString(words.size())));
                }
                default -> {
                    instruction = "As a JSON array.|Make a JSON list of the words.|Return the words as an array.";
                    turns.add(new Exchange(String.join(dice.of(" ", ", "), words),
                            "[\"" + String.join("\",\"", words) + "\"]"));
                }
            }
        }
        return Lesson.task(dice.of(instruction.split("(?<!\\|)\\|(?!\\|)", -1)), turns, dice);
    }

    private static String simple(Dice dice) {
        return switch (dice.below(5)) {
            case 0, 1 -> Invented.word(dice);
            case 2 -> Invented.code(dice);
            case 3 -> dice.chance(0.5) ? Values.word("first name", dice) : Invented.name(dice);
            default -> {
                String word = Values.word(dice.pick(Lexicon.english().names()), dice);
                yield word.contains(" ") ? Invented.word(dice) : word;
            }
        };
    }

    /** Several keys with their values; then one after another is asked for. */
    static Lesson lookup(Dice dice) {
        int count = dice.between(3, dice.of(4, 6, 8));
        var keys = new ArrayList<String>();
        var values = new ArrayList<String>();
        int keyKind = dice.below(5);
        int valueKind = dice.below(6);
        while (keys.size() < count) {
            String key = switch (keyKind) {
                case 0 -> Values.word("first name", dice);
                case 1 -> Invented.word(dice);
                case 2 -> Values.word(dice.of("fruit", "animal", "tool", "furniture", "clothing"), dice);
                case 3 -> Invented.code(dice);
                default -> Values.word("common", dice);
            };
            if (!keys.contains(key)) {
                keys.add(key);
                values.add(switch (valueKind) {
                    case 0 -> Values.word("color", dice);
                    case 1 -> Invented.word(dice);
                    case 2 -> Invented.digits(dice, dice.between(1, 4));
                    case 3 -> Values.word("city", dice);
                    case 4 -> Invented.code(dice);
                    default -> Values.word(dice.of("job", "misc noun", "meal", "department"), dice);
                });
            }
        }
        int style = dice.below(7);
        var pairs = new ArrayList<String>();
        for (int i = 0; i < count; i++) {
            pairs.add(switch (style) {
                case 0 -> keys.get(i) + ": " + values.get(i);
                case 1 -> keys.get(i) + " is " + values.get(i);
                case 2 -> keys.get(i) + "=" + values.get(i);
                case 3 -> "\"" + keys.get(i) + "\":\"" + values.get(i) + "\"";
                case 4 -> keys.get(i) + " has " + values.get(i);
                case 5 -> keys.get(i) + " | " + values.get(i);
                default -> keys.get(i) + " -> " + values.get(i);
            });
        }
        String text = style == 3 ? "{" + String.join(",", pairs) + "}" : String.join(dice.of("\n", ", ", "; "), pairs);
        var turns = new ArrayList<Exchange>();
        boolean inverse = dice.chance(0.15) && values.stream().distinct().count() == count;
        var asks = dice.sample(indices(count), dice.between(3, Math.min(count, 7)));
        boolean inSystem = dice.chance(0.4);
        String question = dice.of("{k}", "{k}?", "What is {k}?", "Find {k}.", "value of {k}",
                "Which one belongs to {k}?", "Look up {k}.");
        for (int i = 0; i < asks.size(); i++) {
            String key = keys.get(asks.get(i));
            String value = values.get(asks.get(i));
            String ask = question.replace("{k}", inverse ? value : key);
            turns.add(new Exchange(i == 0 && !inSystem ? text + "\n" + ask : ask, inverse ? key : value));
        }
        return new Lesson.Talk(inSystem ? text : dice.of("", "Answer from the list.", "Look the word up."), turns);
    }

    static List<Integer> indices(int count) {
        var list = new ArrayList<Integer>();
        for (int i = 0; i < count; i++) {
            list.add(i);
        }
        return list;
    }
}
