package dev.attune.pretraining;

import dev.attune.text.Conversation;
import java.util.List;

/**
 * Held-out questions of one kind with their only right answers: what tells whether a skill has been learned.
 *
 * @param name the skill, as the log and the model card call it
 * @param questions what is asked; never part of the stream that is trained on
 */
public record SkillProbe(String name, List<Question> questions) {
    public SkillProbe {
        questions = List.copyOf(questions);
    }

    /**
     * One question.
     *
     * @param prompt the conversation up to, and without, the answer
     * @param answer the assistant's whole answer, compared exactly
     */
    public record Question(Conversation prompt, String answer) {}
}
