package dev.attune.pretraining;

import dev.attune.pretraining.Lesson.Exchange;
import java.util.ArrayList;

/** Small talk, refusals, and plain text in which words keep company with their like. */
final class Dialogue {
    private Dialogue() {}

    static Lesson smallTalk(Dice dice) {
        var turns = new ArrayList<Exchange>();
        int count = dice.between(1, 3);
        for (int i = 0; i < count; i++) {
            if (dice.chance(0.25)) {
                turns.add(refused(dice));
                continue;
            }
            if (dice.chance(0.3)) {
                String name = Values.first(dice);
                turns.add(new Exchange(dice.of("my name is ", "I am ", "I'm ", "call me ") + name,
                        dice.of("Nice to meet you, ", "Hello, ", "Hi, ") + name + "!"));
                continue;
            }
            String[] pair = dice.pick(Grammar.english().alternatives("small question")).split("\\|", 2);
            turns.add(
                    new Exchange(dice.chance(0.5) ? Noise.capital(pair[0]) + dice.of("?", "", "!") : pair[0], pair[1]));
        }
        return new Lesson.Talk(dice.of("", "", "You are Attune.", "Be kind.", "You are a helpful assistant."), turns);
    }

    private static Exchange refused(Dice dice) {
        return new Exchange(Noise.capital(Grammar.english().rule("harmful", dice)),
                Grammar.english().rule("refusal", dice));
    }

    /** Sentences one after another; now and then a list of words of one class. */
    static Lesson prose(Dice dice) {
        var sentences = new ArrayList<String>();
        int count = dice.between(3, 7);
        for (int i = 0; i < count; i++) {
            sentences.add(switch (dice.below(6)) {
                case 0, 1 -> Noise.capital(Grammar.english().rule("scene", dice)) + ".";
                case 2 -> {
                    var set = Labels.written(dice, 1).getFirst();
                    var label = dice.pick(set.labels());
                    yield Noise.capital(dice.pick(label.names())) + ": " + Labels.sentence(label, dice) + ". "
                            + Noise.capital(Labels.sentence(label, dice)) + ".";
                }
                case 3 -> {
                    String name = dice.pick(Lexicon.english().names());
                    yield Noise.capital(name) + ": "
                            + String.join(", ", dice.sample(Lexicon.english().words(name), dice.between(3, 7))) + ".";
                }
                case 4 -> {
                    String name = dice.pick(Lexicon.english().names());
                    var two = dice.sample(Lexicon.english().words(name), 2);
                    yield Noise.capital(two.getFirst()) + " and " + two.getLast() + " are both " + name + ".";
                }
                default -> Noise.capital(Grammar.english().rule("filler sentence", dice)) + ".";
            });
        }
        return new Lesson.Prose(String.join(" ", sentences));
    }
}
