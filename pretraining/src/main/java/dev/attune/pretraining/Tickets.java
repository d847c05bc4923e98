package dev.attune.pretraining;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** Support tickets of a maker of home devices, and their triage as one line of JSON. */
final class Tickets implements Function<Dice, ExampleDatasets.Sample> {
    static final List<String> PRODUCTS = List.of("Luma Lamp", "Breez Fan", "Aqua Kettle", "Nido Thermostat",
            "Pica Camera", "Orbit Vacuum", "Tempo Speaker", "Volta Charger");
    private static final List<String> CATEGORIES = List.of("billing", "shipping", "technical", "account");

    private final Grammar grammar = Grammar.load("tickets.txt");

    @Override
    public ExampleDatasets.Sample apply(Dice dice) {
        String product = dice.pick(PRODUCTS);
        String category = dice.pick(CATEGORIES);
        String priority = List.of("normal", "high", "low").get(dice.weighted(new double[]{4, 3.5, 2.5}));
        String sentiment = List.of("neutral", "negative", "positive").get(dice.weighted(new double[]{4, 3.5, 2.5}));
        boolean typos = dice.chance(0.3);
        var sentences = new ArrayList<String>();
        sentences.add(say(category, typos, mention(product, dice), dice));
        if (!priority.equals("normal")) {
            sentences.add(say(priority, typos, "", dice));
        }
        if (!sentiment.equals("neutral")) {
            sentences.add(dice.chance(0.3) ? 0 : sentences.size(), say(sentiment, typos, "", dice));
        }
        if (sentences.size() < 3 && dice.chance(0.45)) {
            sentences.add(dice.below(sentences.size() + 1), say("context", typos, "", dice));
        }
        String answer = "{\"category\":\"" + category + "\",\"priority\":\"" + priority + "\",\"product\":\"" + product
                + "\",\"sentiment\":\"" + sentiment + "\"}";
        return new ExampleDatasets.Sample("Triage the ticket.",
                letter(sentences, grammar.rule("opening", dice), grammar.rule("closing", dice), dice), answer);
    }

    private String say(String rule, boolean typos, String product, Dice dice) {
        String sentence = grammar.expand(dice.pick(grammar.alternatives(rule)), dice, Map.of("p", "\u0001"));
        return (typos ? Noise.typos(sentence, 0.1, dice) : sentence).replace("\u0001", product);
    }

    private static String mention(String product, Dice dice) {
        String first = product.substring(0, product.indexOf(' '));
        return switch (dice.weighted(new double[]{60, 15, 15, 10})) {
            case 0 -> product;
            case 1 -> first;
            case 2 -> product.toLowerCase(Locale.ROOT);
            default -> first + product.substring(first.length()).toLowerCase(Locale.ROOT);
        };
    }

    /** Sentences in one person's way of writing letters. */
    static String letter(List<String> sentences, String opening, String closing, Dice dice) {
        boolean careless = dice.chance(0.3);
        boolean shouts = !careless && dice.chance(0.06);
        String glue = careless ? dice.of(", ", " - ", "... ", ". ") : dice.of(". ", ". ", ". ", "! ", "\n");
        var parts = new ArrayList<String>();
        for (String sentence : sentences) {
            parts.add(careless ? sentence : Noise.capital(sentence));
        }
        String body = String.join(glue, parts) + (careless ? "" : dice.of(".", ".", ".", "!", ""));
        if (dice.chance(0.3)) {
            body = (careless ? opening : Noise.capital(opening)) + dice.of(", ", "! ", ",\n", " ") + body;
        }
        if (dice.chance(0.2)) {
            body = body + dice.of(" ", "\n") + (careless ? closing : Noise.capital(closing));
        }
        return shouts ? body.toUpperCase(Locale.ROOT) : body;
    }
}
