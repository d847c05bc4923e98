package dev.attune.pretraining;

import dev.attune.pretraining.Lesson.Exchange;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** Exercises over a given passage: questions answered by its words, and yes or no. */
final class Passages {

    /** A kind of fact: how it is said, what is asked, and where the values come from. */
    private record Fact(List<String> said, List<String> asked, List<String> checked, String values) {}

    private static final List<Fact> FACTS = List.of(
            new Fact(List.of("{n} lives in {v}", "{n} is from {v}", "the home of {n} is {v}"),
                    List.of("Where does {n} live?", "Where is {n} from?", "City of {n}?"),
                    List.of("Does {n} live in {v}?"), "city"),
            new Fact(List.of("{n} works as a {v}", "{n} is a {v}"),
                    List.of("What is the job of {n}?", "What does {n} do?", "Job of {n}?"), List.of("Is {n} a {v}?"),
                    "job"),
            new Fact(List.of("{n} has a {v}", "{n} keeps a {v}", "the pet of {n} is a {v}"),
                    List.of("Which animal does {n} have?", "What pet does {n} keep?"), List.of("Does {n} have a {v}?"),
                    "animal"),
            new Fact(List.of("{n} likes {v}", "{n} loves {v}", "the favourite fruit of {n} is {v}"),
                    List.of("Which fruit does {n} like?", "What does {n} like?"), List.of("Does {n} like {v}?"),
                    "fruit"),
            new Fact(List.of("{n} drives a {v} car", "the car of {n} is {v}"),
                    List.of("What color is the car of {n}?", "Car color of {n}?"), List.of("Is the car of {n} {v}?"),
                    "color"),
            new Fact(List.of("{n} plays {v}", "{n} is good at {v}"),
                    List.of("Which sport does {n} play?", "Sport of {n}?"), List.of("Does {n} play {v}?"), "sport"),
            new Fact(List.of("{n} comes on {v}", "{n} will arrive on {v}"),
                    List.of("When does {n} come?", "On which day does {n} arrive?"), List.of("Does {n} come on {v}?"),
                    "weekday"),
            new Fact(List.of("{n} bought a {v}", "{n} ordered a {v}"),
                    List.of("What did {n} buy?", "What was ordered by {n}?"), List.of("Did {n} buy a {v}?"),
                    "misc noun"),
            new Fact(List.of("{n} speaks {v}", "the language of {n} is {v}"), List.of("Which language does {n} speak?"),
                    List.of("Does {n} speak {v}?"), "language"),
            new Fact(List.of("{n} is in room {v}", "the room of {n} is {v}"),
                    List.of("In which room is {n}?", "Room of {n}?"), List.of("Is {n} in room {v}?"), "#room"),
            new Fact(List.of("{n} paid {v}", "the bill of {n} was {v}"),
                    List.of("How much did {n} pay?", "Bill of {n}?"), List.of("Did {n} pay {v}?"), "#amount"),
            new Fact(List.of("{n} has the number {v}", "the code of {n} is {v}"),
                    List.of("What is the code of {n}?", "Number of {n}?"), List.of("Does {n} have the number {v}?"),
                    "#sku"),
            new Fact(List.of("{n} is {v} years old", "{n} turned {v}"), List.of("How old is {n}?", "Age of {n}?"),
                    List.of("Is {n} {v} years old?"), "#quantity"));

    private Passages() {}

    private static String value(String values, Dice dice) {
        return values.startsWith("#") ? Values.of(values.substring(1), dice).plain() : Values.word(values, dice);
    }

    static Lesson answer(Dice dice) {
        return lesson(dice, false);
    }

    static Lesson yesNo(Dice dice) {
        return lesson(dice, true);
    }

    private static Lesson lesson(Dice dice, boolean check) {
        int people = dice.between(2, 3);
        var names = new ArrayList<String>();
        while (names.size() < people) {
            String name = Values.first(dice);
            if (!names.contains(name)) {
                names.add(name);
            }
        }
        var facts = dice.sample(FACTS, dice.between(1, 3));
        var sentences = new ArrayList<String>();
        var turns = new ArrayList<Exchange>();
        var asked = new ArrayList<String[]>();
        for (Fact fact : facts) {
            var used = new HashSet<String>();
            for (String name : names) {
                String v = value(fact.values(), dice);
                if (!used.add(v) || dice.chance(0.1)) {
                    continue;
                }
                sentences.add(dice.pick(fact.said()).replace("{n}", name).replace("{v}", v));
                if (check) {
                    boolean yes = dice.chance(0.5);
                    String other = value(fact.values(), dice);
                    String claim = yes ? v : other;
                    asked.add(new String[]{dice.pick(fact.checked()).replace("{n}", name).replace("{v}", claim),
                            claim.equals(v) ? "yes" : "no"});
                } else {
                    asked.add(new String[]{dice.pick(fact.asked()).replace("{n}", name), v});
                }
            }
        }
        if (sentences.isEmpty()) {
            return lesson(dice, check);
        }
        if (dice.chance(0.4)) {
            sentences.add(Grammar.english().rule("filler sentence", dice));
        }
        String passage = String.join(". ", dice.shuffled(sentences).stream().map(Noise::capital).toList()) + ".";
        boolean inSystem = dice.chance(0.3);
        var order = dice.sample(asked, dice.between(2, 5));
        boolean capital = dice.chance(0.3);
        for (int i = 0; i < order.size(); i++) {
            String question = order.get(i)[0];
            String answer = check && capital ? Invented.capital(order.get(i)[1]) : order.get(i)[1];
            turns.add(new Exchange(i == 0 && !inSystem
                    ? (dice.chance(0.7) ? passage + "\n" + question : question + "\n" + passage)
                    : question, answer));
        }
        return new Lesson.Talk(inSystem
                ? passage
                : check
                        ? dice.of("", "Answer yes or no.", "Is it true? yes or no")
                        : dice.of("", "Answer from the text.", "Short answers."),
                turns);
    }
}
