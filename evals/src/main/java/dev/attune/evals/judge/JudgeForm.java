package dev.attune.evals.judge;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a judge is asked, and what its grades are worth. */
public sealed interface JudgeForm {

    /** What to look at, and how the grade is to be written. */
    String task();

    /** Whether the expected answer is shown. */
    boolean usesReference();

    /** What the reply is worth, in [0, 1], with the grade as it stands; nothing where there is no grade that is on the menu. */
    Optional<Grade> grade(String reply);

    /** Every grade there is, with its worth; empty where grades are not told apart by one word. */
    default Map<String, Double> menu() {
        return Map.of();
    }

    /** A grade and its worth. */
    record Grade(String written, double value) {}

    /** Grades by a description: 1 to 5, or a number from 0 to 1. */
    record Rubric(String text, boolean fiveSteps) implements JudgeForm {
        @Override
        public String task() {
            return "Grade the answer by this rubric:\n" + text + "\n\n" + (fiveSteps
                    ? "The grade is a whole number from 1 (worst) to 5 (best)."
                    : "The grade is a number from 0 (worst) to 1 (best).");
        }

        @Override
        public boolean usesReference() {
            return true;
        }

        @Override
        public Optional<Grade> grade(String reply) {
            OptionalDouble number = last(reply).map(Rubric::number).orElse(OptionalDouble.empty());
            if (number.isEmpty()) {
                return Optional.empty();
            }
            double grade = number.getAsDouble();
            boolean known = fiveSteps
                    ? grade >= 1 && grade <= 5 && grade == Math.rint(grade)
                    : grade >= 0 && grade <= 1;
            return known
                    ? Optional.of(new Grade(last(reply).orElse(""), fiveSteps ? (grade - 1) / 4 : grade))
                    : Optional.empty();
        }

        @Override
        public Map<String, Double> menu() {
            return fiveSteps ? Map.of("1", 0.0, "2", 0.25, "3", 0.5, "4", 0.75, "5", 1.0) : Map.of();
        }

        private static OptionalDouble number(String grade) {
            Matcher matcher = Pattern.compile("^(\\d+(?:\\.\\d+)?)(?:\\s*/\\s*(?:5|1))?$").matcher(grade);
            return matcher.matches() ? OptionalDouble.of(Double.parseDouble(matcher.group(1))) : OptionalDouble.empty();
        }
    }

    /** A question that is answered yes or no. */
    record Closed(String question) implements JudgeForm {
        @Override
        public String task() {
            return "Answer this question about the answer: " + question + "\n\nThe grade is yes or no.";
        }

        @Override
        public boolean usesReference() {
            return true;
        }

        @Override
        public Optional<Grade> grade(String reply) {
            return last(reply).flatMap(JudgeForm::yesOrNo);
        }

        @Override
        public Map<String, Double> menu() {
            return Map.of("yes", 1.0, "no", 0.0);
        }
    }

    /** One of several labels. */
    record Label(String instructions, List<String> labels, List<String> passing) implements JudgeForm {
        @Override
        public String task() {
            return (instructions.isEmpty() ? "Say which label fits the answer." : instructions)
                    + "\n\nThe grade is one of these labels: "
                    + String.join(", ", labels) + ".";
        }

        @Override
        public boolean usesReference() {
            return true;
        }

        @Override
        public Optional<Grade> grade(String reply) {
            return last(reply)
                    .flatMap(written -> labels.stream().filter(label -> label.equalsIgnoreCase(written)).findFirst())
                    .map(label -> new Grade(label, passing.contains(label) ? 1 : 0));
        }

        @Override
        public Map<String, Double> menu() {
            var worth = new LinkedHashMap<String, Double>();
            labels.forEach(label -> worth.put(label, passing.contains(label) ? 1.0 : 0.0));
            return worth;
        }
    }

    /** How the facts of the answer and of the expected answer stand to each other. */
    record Factuality() implements JudgeForm {
        private static final Map<String, Double> WORTH = worth();

        private static Map<String, Double> worth() {
            var worth = new LinkedHashMap<String, Double>();
            worth.put("A", 0.5);
            worth.put("B", 1.0);
            worth.put("C", 1.0);
            worth.put("D", 0.0);
            worth.put("E", 1.0);
            return worth;
        }

        @Override
        public String task() {
            return """
                    Compare the facts of the answer with those of the expected answer; style and wording do not count.

                    The grade is one letter:
                    A  the answer holds some of the facts, and none that speaks against the expected answer
                    B  the answer holds all of the facts and more, and none that speaks against the expected answer
                    C  the answer holds the same facts
                    D  the answer and the expected answer contradict each other
                    E  they differ in nothing that matters to the question""";
        }

        @Override
        public boolean usesReference() {
            return true;
        }

        @Override
        public Optional<Grade> grade(String reply) {
            return last(reply).map(written -> written.toUpperCase(Locale.ROOT)).filter(WORTH::containsKey)
                    .map(letter -> new Grade(letter, WORTH.getOrDefault(letter, 0.0)));
        }

        @Override
        public Map<String, Double> menu() {
            return WORTH;
        }
    }

    /** Several statements that hold or do not; the worth is the share that holds. */
    record Checklist(List<String> statements) implements JudgeForm {
        @Override
        public String task() {
            var text = new StringBuilder("Say of each statement whether it holds for the answer:\n");
            for (int i = 0; i < statements.size(); i++) {
                text.append(i + 1).append(". ").append(statements.get(i)).append('\n');
            }
            return text + "\nThe grade is one yes or no for each statement in order, separated by commas, such as: "
                    + String.join(", ", statements.stream().map(s -> "yes").toList()) + ".";
        }

        @Override
        public boolean usesReference() {
            return true;
        }

        @Override
        public Optional<Grade> grade(String reply) {
            String written = last(reply).orElse("");
            String[] parts = written.split("\\s*,\\s*");
            double held = 0;
            for (String part : parts) {
                Optional<Grade> one = yesOrNo(part);
                if (one.isEmpty() || parts.length != statements.size()) {
                    return Optional.empty();
                }
                held += one.get().value();
            }
            return Optional.of(new Grade(written, held / parts.length));
        }
    }

    private static Optional<Grade> yesOrNo(String written) {
        return switch (written.toLowerCase(Locale.ROOT)) {
            case "yes" -> Optional.of(new Grade("yes", 1));
            case "no" -> Optional.of(new Grade("no", 0));
            default -> Optional.empty();
        };
    }

    /** A line with a grade: {@code GRADE:} and what stands behind it, without decoration. */
    Pattern LINE = Pattern
            .compile("(?im)^[\\s*_#>`]*GRADE[\\s*_`]*:[\\s*_`\"'(\\[]*([^\\n]*?)[\\s*_`\"')\\].]*$");

    /** What the last line says that begins with {@code GRADE:}, without decoration. */
    static Optional<String> last(String reply) {
        Matcher matcher = LINE.matcher(reply);
        String found = "";
        while (matcher.find()) {
            found = matcher.group(1);
        }
        return found.isEmpty() ? Optional.empty() : Optional.of(found);
    }

    /** Where the grade of {@link #last} begins; nothing where there is none. */
    static OptionalInt lastBegins(String reply) {
        Matcher matcher = LINE.matcher(reply);
        int begin = -1;
        while (matcher.find()) {
            begin = matcher.group(1).isEmpty() ? -1 : matcher.start(1);
        }
        return begin < 0 ? OptionalInt.empty() : OptionalInt.of(begin);
    }
}
