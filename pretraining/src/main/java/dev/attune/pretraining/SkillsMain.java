package dev.attune.pretraining;

import dev.attune.engine.model.CausalLm;
import dev.attune.engine.tensor.NativeThreads;
import dev.attune.text.HuggingFaceTokenizer;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Measures what a model has learned of the curriculum: {@code SkillsMain models/attune-nano 100} asks 100 held-out
 * questions of every skill and prints the table of the model card.
 */
public final class SkillsMain {
    private SkillsMain() {}

    /** Model directory, and how many questions a skill. */
    public static void main(String[] arguments) {
        if (arguments.length != 2) {
            throw new IllegalArgumentException("give a model directory and how many questions to ask of every skill");
        }
        Path dir = Path.of(arguments[0]);
        NativeThreads.use(1);
        try (var tokenizer = HuggingFaceTokenizer.open(dir); CausalLm model = CausalLm.load(dir)) {
            var test = new SkillTest(tokenizer);
            System.out.println("| skill | exact match |\n|---|---:|");
            for (SkillProbe probe : CurriculumProbes.all(Integer.parseInt(arguments[1]))) {
                double score = test.run(model, List.of(probe)).getOrDefault(probe.name(), 0.0);
                System.out.println(String.format(Locale.ROOT, "| %s | %.0f %% |", probe.name(), 100 * score));
            }
        }
    }
}
