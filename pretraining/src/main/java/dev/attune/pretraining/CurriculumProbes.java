package dev.attune.pretraining;

import dev.attune.pretraining.SkillProbe.Question;
import dev.attune.text.Conversation;
import dev.attune.text.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Probes of the curriculum's skills: lessons from dice that training never throws, with invented words that it never
 * sees.
 */
public final class CurriculumProbes {
    private static final long SEED = -7_001;

    /** Skills without an answer that could be right or wrong. */
    private static final Set<String> UNASKED = Set.of("prose", "talk", "again", "pairs", "recall");

    private CurriculumProbes() {}

    /** One probe a skill, each of {@code questions} questions; always the same. */
    public static List<SkillProbe> all(int questions) {
        var probes = new ArrayList<SkillProbe>();
        for (String skill : Curriculum.skills()) {
            if (!UNASKED.contains(skill)) {
                probes.add(probe(skill, questions));
            }
        }
        return probes;
    }

    private static SkillProbe probe(String skill, int count) {
        var questions = new ArrayList<Question>();
        for (int i = 0; questions.size() < count; i++) {
            var dice = new Dice(SEED + skill.hashCode(), i, true);
            if (Curriculum.lesson(skill, dice) instanceof Lesson.Talk talk) {
                questions.add(lastOf(talk));
            }
        }
        return new SkillProbe(skill, questions);
    }

    private static Question lastOf(Lesson.Talk talk) {
        var messages = new ArrayList<Message>(talk.conversation().messages());
        messages.removeLast();
        return new Question(new Conversation(messages), talk.exchanges().getLast().assistant());
    }
}
