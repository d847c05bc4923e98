package dev.attune.workflow;

import dev.attune.workflow.WorkflowException.Code;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The problems of one recipe, each with its line and JSON pointer. */
final class RecipeProblems {
    private record Problem(int line, String pointer, String text) {}

    private final List<Problem> problems = new ArrayList<>();

    void add(int line, String pointer, String text) {
        problems.add(new Problem(line, pointer, text));
    }

    boolean isEmpty() {
        return problems.isEmpty();
    }

    /** Each as a sentence, in the order of the file. */
    List<String> sentences() {
        return problems.stream()
                .sorted(Comparator.comparingInt(Problem::line))
                .map(p -> "line " + p.line() + ", " + p.pointer() + ": " + p.text()
                        + (p.text().endsWith("?") ? "" : "."))
                .toList();
    }

    /** All of them, in the order of the file. */
    WorkflowException asException(Code code, String file) {
        List<String> sentences = sentences();
        String message = sentences.size() == 1
                ? file + " " + sentences.getFirst()
                : file + " has " + sentences.size() + " problems; mend each and run again.";
        return new WorkflowException(code, message, sentences);
    }
}
