package dev.attune.pretraining;

import dev.attune.pretraining.Lesson.Exchange;
import dev.attune.text.MaskedTokens;
import dev.attune.text.Tokenizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What attune-nano learns from: lessons of many skills, mixed by how far the run has come. What stands at an index is a
 * pure function of seed and index. Early lessons drill, copy, look up and change strings; later ones read messages, judge them,
 * write forms and follow what was only shown. Thread-safe.
 */
public final class Curriculum implements TokenStream {
    /** The longest example in tokens. */
    public static final int MAX_TOKENS = 256;

    /** The index from which on the mix stays as it is: about 4 million tokens. */
    private static final double SETTLED = 30_000;

    /** Skills whose messages are worth learning to write, so that words find their company. */
    private static final Set<String> READ_WHOLE = Set.of("questions", "extract", "domain", "form", "judge",
            "classify", "template", "answer", "style");

    private record Course(Skill skill, double early, double late) {}

    private static final Map<String, Course> COURSES = courses();
    private static final List<String> SKILLS = List.copyOf(COURSES.keySet());

    private final Tokenizer tokenizer;
    private final long seed;

    /**
     * @param tokenizer turns lessons into tokens; stays the caller's to close
     */
    public Curriculum(Tokenizer tokenizer, long seed) {
        this.tokenizer = tokenizer;
        this.seed = seed;
    }

    private static Map<String, Course> courses() {
        var courses = new LinkedHashMap<String, Course>();
        courses.put("again", new Course(Drills::again, 30, 1));
        courses.put("pairs", new Course(Drills::pairs, 20, 2.5));
        courses.put("recall", new Course(Drills::recall, 20, 1));
        courses.put("copy", new Course(Copying::repeat, 22, 2));
        courses.put("change", new Course(Copying::change, 12, 5));
        courses.put("lookup", new Course(Copying::lookup, 14, 6));
        courses.put("questions", new Course(Forms::questions, 10, 10));
        courses.put("extract", new Course(Forms::extraction, 8, 9));
        courses.put("domain", new Course(Forms::domain, 5, 10));
        courses.put("form", new Course(Forms::form, 3, 11));
        courses.put("judge", new Course(Forms::judgement, 3, 22));
        courses.put("shown", new Course(Forms::shown, 2, 12));
        courses.put("classify", new Course(Forms::classification, 6, 24));
        courses.put("words", new Course(Forms::words, 4, 2));
        courses.put("normalise", new Course(Rewriting::normalise, 3, 6));
        courses.put("style", new Course(Rewriting::style, 2, 5));
        courses.put("template", new Course(Rewriting::template, 3, 4));
        courses.put("answer", new Course(Passages::answer, 4, 4));
        courses.put("yesno", new Course(Passages::yesNo, 1, 3));
        courses.put("invented", new Course(InContext::invented, 1, 4));
        courses.put("pattern", new Course(InContext::pattern, 4, 4));
        courses.put("talk", new Course(Dialogue::smallTalk, 1, 1));
        courses.put("prose", new Course(Dialogue::prose, 5, 5));
        return courses;
    }

    /** The names of the skills, in a fixed order. */
    public static List<String> skills() {
        return SKILLS;
    }

    /** A lesson of one skill. */
    static Lesson lesson(String skill, Dice dice) {
        var course = COURSES.get(skill);
        if (course == null) {
            throw new IllegalArgumentException("no skill is called " + skill);
        }
        return course.skill().teach(dice);
    }

    /** The lesson at an index, as text. */
    Lesson lesson(long index) {
        var dice = new Dice(seed, index, false);
        return lesson(skill(index, dice), dice);
    }

    private static String skill(long index, Dice dice) {
        double late = Math.min(1, index / SETTLED);
        double[] weights = COURSES.values().stream().mapToDouble(c -> c.early() + late * (c.late() - c.early()))
                .toArray();
        return skills().get(dice.weighted(weights));
    }

    @Override
    public MaskedTokens get(long index) {
        var dice = new Dice(seed, index, false);
        while (true) {
            String skill = skill(index, dice);
            var lesson = lesson(skill, dice);
            var tokens = tokensOf(lesson, READ_WHOLE.contains(skill) && dice.chance(0.12));
            if (tokens.trainedCount() > 0) {
                return tokens;
            }
        }
    }

    /** A lesson as tokens; where it is read whole, the questions are trained as well as the answers. */
    MaskedTokens tokensOf(Lesson lesson, boolean whole) {
        var line = new Line();
        switch (lesson) {
            case Lesson.Prose(String text) -> {
                line.add(text, true);
                line.add("<|endoftext|>", true);
            }
            case Lesson.Drill(List<Lesson.Part> parts) -> {
                parts.forEach(part -> line.add(part.text(), part.trained()));
                line.add("<|endoftext|>", false);
            }
            case Lesson.Talk(String system, List<Exchange> exchanges) -> {
                if (!system.isEmpty()) {
                    line.add("<|im_start|>system\n" + system + "<|im_end|>\n", whole);
                }
                for (Exchange exchange : exchanges) {
                    var turn = new Line();
                    turn.add("<|im_start|>user\n" + exchange.user() + "<|im_end|>\n<|im_start|>assistant\n", whole);
                    turn.add(exchange.assistant() + "<|im_end|>", true);
                    turn.add("\n", whole);
                    if (line.size + turn.size > MAX_TOKENS) {
                        break;
                    }
                    line.add(turn);
                }
            }
        }
        return line.masked();
    }

    /** Tokens with their flags, growing. */
    private final class Line {
        private final List<int[]> parts = new ArrayList<>();
        private final List<Boolean> flags = new ArrayList<>();
        private int size;

        private void add(String text, boolean trained) {
            int[] ids = tokenizer.encode(text);
            parts.add(ids);
            flags.add(trained);
            size += ids.length;
        }

        private void add(Line other) {
            parts.addAll(other.parts);
            flags.addAll(other.flags);
            size += other.size;
        }

        private MaskedTokens masked() {
            int length = Math.min(size, MAX_TOKENS);
            int[] ids = new int[length];
            boolean[] trained = new boolean[length];
            int at = 0;
            for (int p = 0; p < parts.size() && at < length; p++) {
                int n = Math.min(parts.get(p).length, length - at);
                System.arraycopy(parts.get(p), 0, ids, at, n);
                java.util.Arrays.fill(trained, at, at + n, flags.get(p));
                at += n;
            }
            if (length > 0) {
                trained[0] = false;
            }
            return new MaskedTokens(ids, trained);
        }
    }
}
