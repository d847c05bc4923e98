package dev.attune.pretraining;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What people do to a text: typos, missing capitals, greetings, words that say nothing. */
final class Noise {
    private Noise() {}

    /** One slip in a word of four letters or more: two letters swapped, one dropped, one doubled or one replaced. */
    static String typo(String word, Dice dice) {
        if (word.length() < 4) {
            return word;
        }
        int at = dice.between(1, word.length() - 2);
        return switch (dice.below(4)) {
            case 0 -> word.substring(0, at) + word.charAt(at + 1) + word.charAt(at) + word.substring(at + 2);
            case 1 -> word.substring(0, at) + word.substring(at + 1);
            case 2 -> word.substring(0, at) + word.charAt(at) + word.substring(at);
            default -> word.substring(0, at) + (char) ('a' + dice.below(26)) + word.substring(at + 1);
        };
    }

    /** The text with a slip in some of its small-letter words, none of them part of a protected value. */
    static String typos(String text, double perWord, Dice dice) {
        var words = text.split(" ", -1);
        for (int i = 0; i < words.length; i++) {
            if (dice.chance(perWord) && words[i].chars().allMatch(c -> c >= 'a' && c <= 'z')) {
                words[i] = typo(words[i], dice);
            }
        }
        return String.join(" ", words);
    }

    /** Sentences as one message, in the punctuation and capitals of one writer. */
    static String message(List<String> sentences, Dice dice) {
        boolean capitals = dice.chance(0.6);
        String stop = switch (dice.weighted(new double[]{6, 1, 1, 1})) {
            case 0 -> ". ";
            case 1 -> ", ";
            case 2 -> "\n";
            default -> " - ";
        };
        var parts = new ArrayList<String>();
        for (String sentence : sentences) {
            parts.add(capitals && !stop.equals(", ") ? capital(sentence) : sentence);
        }
        if (dice.chance(0.25)) {
            var hello = dice.pick(Lexicon.english().words("greeting"));
            parts.set(0,
                    (capitals ? Invented.capital(hello) : hello) + dice.of(", ", "! ", " ", ", ") + parts.getFirst());
        }
        if (dice.chance(0.15)) {
            var bye = dice.pick(Lexicon.english().words(dice.chance(0.6) ? "thanks" : "bye"));
            parts.add(capitals ? Invented.capital(bye) : bye);
        }
        return String.join(stop, parts) + (dice.chance(0.6) ? dice.of(".", ".", ".", "!") : "");
    }

    static String capital(String sentence) {
        return sentence.isEmpty()
                ? sentence
                : sentence.substring(0, 1).toUpperCase(Locale.ROOT) + sentence.substring(1);
    }
}
