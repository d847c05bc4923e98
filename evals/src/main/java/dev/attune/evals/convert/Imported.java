package dev.attune.evals.convert;

import dev.attune.evals.judge.Judges;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What came over of an evaluation.
 *
 * @param file the evaluation, with the keys {@code evaluate} and, where there was a threshold, {@code gate}
 * @param rows the questions; empty where the evaluation brought none
 * @param leftOut what could not be carried over, each as a sentence with what to do
 * @param notes what is carried over and not quite the same
 */
public record Imported(ObjectNode file, List<ObjectNode> rows, List<String> leftOut, List<String> notes) {
    public Imported {
        rows = List.copyOf(rows);
        leftOut = List.copyOf(leftOut);
        notes = List.copyOf(notes);
    }

    /** Gathers while one is read. */
    static final class Draft {
        static final JsonMapper JSON = JsonMapper.shared();

        final List<ObjectNode> rows = new ArrayList<>();
        final List<String> leftOut = new ArrayList<>();
        final List<String> notes = new ArrayList<>();
        private final Set<String> judges = new LinkedHashSet<>();
        private final String judge;

        /** @param judge the model that judges; empty for none */
        Draft(String judge) {
            this.judge = judge;
        }

        void note(String sentence) {
            if (!notes.contains(sentence)) {
                notes.add(sentence);
            }
        }

        void leaveOut(String sentence) {
            if (!leftOut.contains(sentence)) {
                leftOut.add(sentence);
            }
        }

        /** A judge's options with its model, or nothing where none is named. */
        Optional<ObjectNode> judge(String what, String namedThere) {
            String model = judge.isEmpty() ? namedThere : judge;
            if (model.isEmpty()) {
                leaveOut(what + " needs a judge: import again with --judge MODEL.");
                return Optional.empty();
            }
            judges.add(model);
            return Optional.of(JSON.createObjectNode().put("model", model));
        }

        Imported done(ObjectNode file) {
            String model = file.path("evaluate").path("model").asString("");
            judges.stream().filter(judge -> Judges.family(judge).equals(Judges.family(model)))
                    .forEach(judge -> note("The judge " + judge + " is of the same family as " + model
                            + ", and models prefer their own answers: import again with --judge and another, or write own_family: true beside each judge."));
            return new Imported(file, rows, leftOut, notes);
        }
    }
}
