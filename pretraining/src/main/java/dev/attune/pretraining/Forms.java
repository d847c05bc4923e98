package dev.attune.pretraining;

import dev.attune.pretraining.AnswerForm.Entry;
import dev.attune.pretraining.Lesson.Exchange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Exercises on messages: pick out what they state, judge them, and write both in a form. The form is named by the
 * instruction, or only shown by the turns before.
 */
final class Forms {
    private Forms() {}

    /** One field of a form: a slot to copy, or a set of labels to choose from. */
    private sealed interface Field {
        record Copied(Slots slot, int key, boolean plain) implements Field {}

        record Judged(Labels labels, int key) implements Field {}

        default String name() {
            return switch (this) {
                case Copied(Slots slot, int key, boolean plain) -> slot.keys().get(key);
                case Judged(Labels labels, int key) -> labels.keys().get(key);
            };
        }
    }

    /** Kinds whose sentences can be taken for one another. */
    private static final List<Set<String>> RIVALS = List.of(Set.of("person", "first"),
            Set.of("orderid", "sku", "room", "errorcode", "plate"), Set.of("city", "country"),
            Set.of("product", "thing", "pseudo"), Set.of("date", "weekday", "time"),
            Set.of("quantity", "measure", "amount", "percent", "room"), Set.of("company", "pseudo"),
            Set.of("color", "size", "thing"));

    /** Fields with different names and kinds. */
    private static List<Field> fields(Dice dice, int copied, int judged) {
        var names = new HashSet<String>();
        var fields = new ArrayList<Field>();
        for (Slots slot : dice.sample(Slots.ALL, copied)) {
            int key = dice.chance(0.4) ? 0 : dice.below(slot.keys().size());
            if (names.add(slot.keys().get(key))) {
                fields.add(new Field.Copied(slot, key, dice.chance(0.7)));
            }
        }
        var sets = judged > 1
                ? Labels.written(dice, judged)
                : judged == 1 ? List.of(Labels.any(dice)) : List.<Labels>of();
        for (Labels set : sets) {
            int key = dice.chance(0.5) ? 0 : dice.below(set.keys().size());
            if (names.add(set.keys().get(key))) {
                var some = set.some(dice);
                fields.add(new Field.Judged(dice.chance(0.45) ? some.withDefault(dice) : some, key));
            }
        }
        return dice.shuffled(fields);
    }

    /** A message that fills the fields, and what fills them. */
    private record Filled(String message, List<Entry> entries) {}

    private static Filled fill(List<Field> fields, boolean quoteNumbers, String missing, Dice dice) {
        var others = new ArrayList<String>();
        if (dice.chance(0.2)) {
            var slot = dice.pick(Slots.ALL);
            if (fields.stream().noneMatch(field -> field instanceof Field.Copied(Slots other, int key, boolean plain)
                    && rival(slot.kind(), other.kind()))) {
                others.add(Grammar.english().expand(dice.pick(slot.sentences()), dice,
                        Map.of("v", Values.of(slot.kind(), dice).written())));
            }
        }
        return fill(fields, quoteNumbers, missing, dice.weighted(new double[]{5, 3, 2}), others, dice);
    }

    private static boolean rival(String kind, String other) {
        return kind.equals(other) || RIVALS.stream().anyMatch(group -> group.contains(kind) && group.contains(other));
    }

    private static Filled fill(List<Field> fields, boolean quoteNumbers, String missing, int fillers,
            List<String> others, Dice dice) {
        var sentences = new ArrayList<>(others);
        var entries = new ArrayList<Entry>();
        for (Field field : fields) {
            switch (field) {
                case Field.Copied(Slots slot, int key, boolean plain) -> {
                    if (!missing.isEmpty() && dice.chance(0.2)) {
                        entries.add(new Entry(missing, missing.equals("null")));
                        continue;
                    }
                    var value = Values.of(slot.kind(), dice);
                    boolean labelled = dice.chance(0.12);
                    String sentence = labelled
                            ? slot.keys().get(key).replace('_', ' ') + ": {v}"
                            : dice.pick(slot.sentences());
                    sentences.add(Grammar.english().expand(sentence, dice, Map.of("v", value.written())));
                    entries.add(new Entry(plain ? value.plain() : value.written(),
                            value.number() && plain && !quoteNumbers));
                }
                case Field.Judged(Labels labels, int key) -> {
                    var label = dice.pick(labels.labels());
                    if (!label.sentences().isEmpty()) {
                        sentences.add(Labels.sentence(label, dice));
                        if (dice.chance(0.2)) {
                            sentences.add(Labels.sentence(label, dice));
                        }
                    }
                    entries.add(new Entry(label.name(), false));
                }
            }
        }
        for (int i = 0; i < fillers || sentences.isEmpty(); i++) {
            sentences.add(dice.chance(0.75)
                    ? Grammar.english().rule("filler sentence", dice)
                    : Grammar.english().rule("scene", dice));
        }
        String message = Noise.message(dice.shuffled(joined(sentences, dice)), dice);
        boolean shouts = dice.chance(0.04) && fields.stream().allMatch(Field.Judged.class::isInstance);
        message = shouts ? message.toUpperCase(Locale.ROOT) : message;
        return new Filled(dice.chance(0.25) ? Noise.typos(message, 0.12, dice) : message, entries);
    }

    /** Some sentences grow together by a comma or an "and". */
    private static List<String> joined(List<String> sentences, Dice dice) {
        var shuffled = dice.shuffled(sentences);
        var out = new ArrayList<String>();
        for (String sentence : shuffled) {
            if (!out.isEmpty() && dice.chance(0.3)) {
                out.set(out.size() - 1, out.getLast() + dice.of(", ", " and ", " ", "; ", " - ", ", ") + sentence);
            } else {
                out.add(sentence);
            }
        }
        return out;
    }

    /** Messages of one sort of work to a form; now and then with something to judge as well. */
    static Lesson domain(Dice dice) {
        var domain = dice.pick(Domains.ALL);
        var wanted = dice.chance(0.7)
                ? dice.shuffled(Copying.indices(domain.keys().size()))
                : dice.sample(Copying.indices(domain.keys().size()), Math.max(1, domain.keys().size() - 1));
        boolean natural = dice.chance(0.5);
        var order = natural ? wanted.stream().sorted().toList() : wanted;
        var judged = dice.chance(0.25) ? fields(dice, 0, 1) : List.<Field>of();
        var names = new ArrayList<String>();
        order.forEach(i -> names.add(domain.keys().get(i)));
        judged.forEach(field -> names.add(names.contains(field.name()) ? field.name() + "_label" : field.name()));
        var form = AnswerForm.of(names, dice);
        boolean plain = dice.chance(0.5);
        boolean quoted = dice.chance(0.5);
        int messages = dice.between(2, 4);
        var turns = new ArrayList<Exchange>();
        for (int i = 0; i < messages; i++) {
            var written = new HashMap<String, String>();
            var values = new ArrayList<Values.Value>();
            for (int k = 0; k < domain.keys().size(); k++) {
                var value = Values.of(domain.kinds().get(k), dice);
                values.add(value);
                written.put(domain.keys().get(k), value.written());
            }
            var filled = fill(judged, true, "", dice.chance(0.6) ? 0 : 1, List.of(domain.sentence(written, dice)),
                    dice);
            var entries = new ArrayList<Entry>();
            for (int k : order) {
                var value = values.get(k);
                entries.add(new Entry(plain ? value.plain() : value.written(), value.number() && plain && !quoted));
            }
            entries.addAll(filled.entries());
            turns.add(new Exchange(filled.message(), form.write(entries)));
        }
        if (dice.chance(0.35)) {
            return new Lesson.Talk(dice.of("", "Read the note.", "Process the message.", "Fill the form.", "Convert.",
                    "You keep the records of " + Values.company(dice) + "."), turns);
        }
        String instruction = dice.of("Extract ", "Give ", "Return ", "Turn the note into ", "Write ", "Answer with ",
                "Output ", "") + form.described(dice) + dice.of(".", "");
        var all = new ArrayList<Field>();
        order.forEach(i -> all.add(new Field.Copied(Slots.ALL.getFirst(), 0, true)));
        all.addAll(judged);
        return Lesson.task(Noise.capital(instruction) + labelsOf(all, form, dice), turns, dice);
    }

    private static String labelsOf(List<Field> fields, AnswerForm form, Dice dice) {
        var out = new StringBuilder();
        for (int i = 0; i < fields.size(); i++) {
            if (fields.get(i) instanceof Field.Judged(Labels labels, int key)) {
                var names = labels.labels().stream().map(Labels.Label::name).toList();
                out.append(dice.of(" ", " ", "\n")).append(form.keys().get(i))
                        .append(dice.of(": ", " is one of ", " = "))
                        .append(String.join(dice.of(", ", "|", "/"), names)).append('.');
                labels.labels().stream().filter(label -> label.sentences().isEmpty() && dice.chance(0.7))
                        .forEach(label -> out.append(' ').append(Noise.capital(label.name()))
                                .append(dice.of(" if nothing is said.", " by default.", " otherwise.")));
            }
        }
        return out.toString();
    }

    /** Message to form, the instruction saying the keys and labels. */
    static Lesson form(Dice dice) {
        return form(dice, fields(dice, dice.between(1, 4), dice.weighted(new double[]{4, 4, 2})), dice.between(1, 2));
    }

    /** Messages with several things to judge and at most one to copy. */
    static Lesson judgement(Dice dice) {
        return form(dice, fields(dice, dice.below(2), dice.between(2, 3)), dice.between(1, 3));
    }

    /** As {@link #form}, with nothing to judge. */
    static Lesson extraction(Dice dice) {
        return form(dice, fields(dice, dice.between(1, 4), 0), dice.between(1, 3));
    }

    private static Lesson form(Dice dice, List<Field> fields, int messages) {
        var form = AnswerForm.of(fields.stream().map(Field::name).toList(), dice);
        String instruction = dice.of("Extract ", "Give ", "Return ", "Turn the message into ",
                "Read the message and write ", "Answer with ", "Output ", "", "Find the fields and give ")
                + form.described(dice) + dice.of(".", "") + (dice.chance(0.85) ? labelsOf(fields, form, dice) : "");
        String missing = dice.chance(0.2) && fields.size() > 1
                ? form.style() == AnswerForm.Style.JSON || form.style() == AnswerForm.Style.JSON_SPACED
                        ? dice.of("null", "null", "none")
                        : dice.of("-", "none", "unknown")
                : "";
        if (!missing.isEmpty()) {
            instruction += dice.of(" Use " + missing + " if it is missing.", " " + missing + " where nothing is said.",
                    " If absent: " + missing + ".");
        }
        return Lesson.task(Noise.capital(instruction), turns(fields, form, missing, messages, dice), dice);
    }

    private static List<Exchange> turns(List<Field> fields, AnswerForm form, String missing, int messages, Dice dice) {
        boolean quoteNumbers = dice.chance(0.5);
        var turns = new ArrayList<Exchange>();
        for (int i = 0; i < messages; i++) {
            var filled = fill(fields, quoteNumbers, missing, dice);
            turns.add(new Exchange(filled.message(), form.write(filled.entries())));
        }
        return turns;
    }

    /** Several messages under an instruction that says nothing of the form: the earlier turns show it. */
    static Lesson shown(Dice dice) {
        var fields = fields(dice, dice.between(1, 3), dice.weighted(new double[]{3, 4, 3}));
        var form = AnswerForm.of(fields.stream().map(Field::name).toList(), dice);
        String system = dice.of("", "Process the message.", "You read notes for " + Values.company(dice) + ".",
                "Handle each message as before.", "Fill the form.",
                "You are the desk clerk.", "Convert.", "You read messages and answer in the house format.");
        return new Lesson.Talk(system, turns(fields, form, "", dice.between(3, 4), dice));
    }

    /** One message, several questions. */
    static Lesson questions(Dice dice) {
        var fields = fields(dice, dice.between(2, 4), dice.weighted(new double[]{4, 3, 2}));
        var filled = fill(fields, true, "", dice);
        var turns = new ArrayList<Exchange>();
        String ask = dice.of("{k}", "{k}?", "What is the {k}?", "Give the {k}.", "{k} please", "Extract the {k}.",
                "Which {k}?");
        boolean inSystem = dice.chance(0.25);
        var order = dice.sample(Copying.indices(fields.size()),
                dice.between(Math.min(2, fields.size()), fields.size()));
        for (int i = 0; i < order.size(); i++) {
            int at = order.get(i);
            String key = fields.get(at).name().replace('_', ' ');
            String question = ask.replace("{k}", key);
            if (fields.get(at) instanceof Field.Judged(Labels labels, int k)) {
                question += " (" + String.join(dice.of(", ", "/", " or "),
                        labels.labels().stream().map(Labels.Label::name).toList()) + ")";
            }
            turns.add(new Exchange(i == 0 && !inSystem ? filled.message() + "\n" + question : question,
                    filled.entries().get(at).text()));
        }
        return new Lesson.Talk(inSystem ? filled.message() : "", turns);
    }

    /** Messages to one label each. */
    static Lesson classification(Dice dice) {
        var set = Labels.any(dice).some(dice);
        var names = new ArrayList<String>();
        set.labels().forEach(label -> names.add(label.name()));
        int style = dice.weighted(new double[]{60, 10, 10, 12, 8});
        var shown = names.stream().map(name -> switch (style) {
            case 1 -> name.toUpperCase(Locale.ROOT);
            case 2 -> Invented.capital(name);
            default -> name;
        }).toList();
        boolean coded = style == 3;
        var codes = coded
                ? dice.sample(List.of("A", "B", "C", "D", "E", "F", "1", "2", "3", "4", "5", "X", "Y"), names.size())
                : shown;
        String list = coded
                ? String.join(", ",
                        Copying.indices(names.size()).stream().map(i -> codes.get(i) + " for " + names.get(i)).toList())
                : String.join(dice.of(", ", " or ", " / ", "|"), shown);
        String key = dice.pick(set.keys());
        String instruction = dice.of("Classify: " + list + ".", "Which " + key + "? " + list, "Choose one: " + list,
                "Answer with " + list + ".", key + ": " + list,
                "Label the text. Labels: " + list + ".", "Sort the message into " + list + ".",
                "Say the " + key + " of the text (" + list + ").");
        var turns = new ArrayList<Exchange>();
        int count = dice.between(3, 8);
        for (int i = 0; i < count; i++) {
            int at = dice.below(names.size());
            var sentences = new ArrayList<String>();
            sentences.add(Labels.sentence(set.labels().get(at), dice));
            if (dice.chance(0.2)) {
                sentences.add(Labels.sentence(set.labels().get(at), dice));
            }
            if (dice.chance(0.25)) {
                sentences.add(Grammar.english().rule("filler sentence", dice));
            }
            String message = Noise.message(dice.shuffled(sentences), dice);
            String answer = style == 4 ? "{\"" + key + "\":\"" + codes.get(at) + "\"}" : codes.get(at);
            turns.add(new Exchange(dice.chance(0.2) ? Noise.typos(message, 0.12, dice) : message, answer));
        }
        return Lesson.task(style == 4 ? instruction + " As JSON with " + key + "." : instruction, turns, dice);
    }

    /** Single words to their class. */
    static Lesson words(Dice dice) {
        var names = Lexicon.english().names().stream()
                .filter(name -> !List.of("common", "vocabulary", "adjective", "misc noun").contains(name)).toList();
        var chosen = dice.sample(names, dice.between(2, 5));
        boolean named = dice.chance(0.75);
        var turns = new ArrayList<Exchange>();
        int count = dice.between(4, 8);
        for (int i = 0; i < count; i++) {
            String name = dice.pick(chosen);
            turns.add(new Exchange(Values.word(name, dice), name));
        }
        return Lesson.task(
                named
                        ? dice.of("Which kind: ", "Classify the word: ", "Class of the word. ")
                                + String.join(", ", chosen)
                        : dice.of("What kind of word is it?", "Say the class of the word.", "What is it?"),
                turns, dice);
    }
}
