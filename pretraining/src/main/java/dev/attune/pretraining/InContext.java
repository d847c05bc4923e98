package dev.attune.pretraining;

import dev.attune.pretraining.Lesson.Exchange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Exercises whose rule is nowhere said: pairs of input and output show it, then it is used. */
final class InContext {
    private InContext() {}

    /** Classes of words get invented names. */
    static Lesson invented(Dice dice) {
        var topics = Labels.topics(dice, dice.between(2, 3)).labels();
        Map<String, String> codes = new HashMap<>();
        for (var topic : topics) {
            codes.put(topic.name(), dice.chance(0.5) ? Invented.word(dice) : Invented.code(dice));
        }
        var pairs = new ArrayList<Exchange>();
        int count = dice.between(4, 7);
        boolean wordsOnly = dice.chance(0.5);
        for (int i = 0; i < count; i++) {
            var topic = i < topics.size() ? topics.get(i) : dice.pick(topics);
            String text = wordsOnly
                    ? Labels.sentence(new Labels.Label(topic.names(), List.of(topic.sentences().get(12))), dice)
                    : Labels.sentence(topic, dice);
            pairs.add(new Exchange(text, codes.getOrDefault(topic.name(), "")));
        }
        return shown(pairs, dice);
    }

    /** A pattern over two or three values that the pairs show. */
    static Lesson pattern(Dice dice) {
        int fields = dice.between(1, 3);
        var kinds = dice.sample(List.of("first", "pseudo", "orderid", "city", "color", "quantity", "thing", "product",
                "date", "amount", "company", "email", "person"), fields);
        String in = kinds.stream().map(k -> "{" + kinds.indexOf(k) + "}")
                .collect(Collectors.joining(dice.of(" ", ", ", " / ", "; ", " - ")));
        String[] outs = {"{0}", "<{0}>", "{0}!", "[{0}]", "{0}:", "x {0}", "({0})", "{0} = ok", "got {0}", "#{0}"};
        String[] twos = {"{1} {0}", "{1}:{0}", "{0}({1})", "{1} - {0}", "{\"a\":\"{0}\",\"b\":\"{1}\"}", "{0} for {1}",
                "{1} <- {0}", "{1}", "{0}", "{0}={1}", "{0} x {1}"};
        String[] threes = {"{2} {1} {0}", "{1}: {0}, {2}", "{0}|{2}", "{2} ({0})", "{1}", "{\"{0}\":[\"{1}\",\"{2}\"]}",
                "{0}/{1}/{2}", "{2}-{0}"};
        String out = fields == 1 ? dice.of(outs) : fields == 2 ? dice.of(twos) : dice.of(threes);
        if (dice.chance(0.3)) {
            out = Invented.word(dice) + " " + out;
        }
        if (dice.chance(0.3)) {
            in = dice.of("we have ", "note ", "from ", Invented.word(dice) + " ") + in;
        }
        var pairs = new ArrayList<Exchange>();
        int count = dice.between(3, 5);
        for (int i = 0; i < count; i++) {
            String left = in;
            String right = out;
            for (int k = 0; k < fields; k++) {
                String value = Values.of(kinds.get(k), dice).written();
                left = left.replace("{" + k + "}", value);
                right = right.replace("{" + k + "}", value);
            }
            pairs.add(new Exchange(left, right));
        }
        return shown(pairs, dice);
    }

    /** Pairs as turns, or all but the last in one message. */
    static Lesson shown(List<Exchange> pairs, Dice dice) {
        if (dice.chance(0.6)) {
            return new Lesson.Talk(dice.of("", "", "Go on.", "Follow the pattern.", "Do the same."), pairs);
        }
        String arrow = dice.of(" -> ", " => ", ": ", " | ");
        var lines = new ArrayList<String>();
        for (Exchange pair : pairs.subList(0, pairs.size() - 1)) {
            lines.add(pair.user() + arrow + pair.assistant());
        }
        String text = String.join("\n", lines);
        Exchange last = pairs.getLast();
        return dice.chance(0.5)
                ? new Lesson.Talk(text, List.of(last))
                : new Lesson.Talk("",
                        List.of(new Exchange(text + "\n" + last.user() + arrow.stripTrailing(), last.assistant())));
    }
}
