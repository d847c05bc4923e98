package dev.attune.pretraining;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Messages to a town hall, and the office each belongs to. */
final class Routing implements Function<Dice, ExampleDatasets.Sample> {
    static final List<String> OFFICES = List.of("waste", "roads", "water", "parks", "permits", "noise");

    private final Grammar grammar = Grammar.load("routing.txt");

    @Override
    public ExampleDatasets.Sample apply(Dice dice) {
        String office = dice.pick(OFFICES);
        boolean typos = dice.chance(0.3);
        var sentences = new ArrayList<String>();
        sentences.add(grammar.rule(office, dice));
        int tails = dice.weighted(new double[]{4, 4, 1});
        for (int i = 0; i < tails; i++) {
            sentences.add(grammar.rule("tail", dice));
        }
        if (sentences.size() > 1 && dice.chance(0.2)) {
            sentences.add(0, sentences.removeLast());
        }
        String text = Tickets.letter(sentences, grammar.rule("head", dice), "thanks", dice);
        return new ExampleDatasets.Sample("Which office?", typos ? Noise.typos(text, 0.12, dice) : text, office);
    }
}
