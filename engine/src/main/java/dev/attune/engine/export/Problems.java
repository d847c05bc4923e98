package dev.attune.engine.export;

import dev.attune.engine.EngineException;
import java.util.ArrayList;
import java.util.List;

/** What stands in the way of an export, and what is good to know about it, collected so that all is told at once. */
final class Problems {
    private final List<String> problems = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();

    /** @param reason the rest of a sentence that begins with the model */
    void add(String reason) {
        if (!problems.contains(reason)) {
            problems.add(reason);
        }
    }

    void remark(String sentence) {
        if (!remarks.contains(sentence)) {
            remarks.add(sentence);
        }
    }

    List<String> remarks() {
        return List.copyOf(remarks);
    }

    /** @throws EngineException where something stands in the way */
    void check() {
        if (!problems.isEmpty()) {
            throw new EngineException("llama.cpp cannot run this model, so no GGUF is written: "
                    + String.join("; and ", problems) + ". Export it as hf instead.");
        }
    }
}
