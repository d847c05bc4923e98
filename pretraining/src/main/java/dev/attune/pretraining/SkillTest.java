package dev.attune.pretraining;

import dev.attune.engine.model.CausalLm;
import dev.attune.engine.model.DecodeSession;
import dev.attune.text.Conversation;
import dev.attune.text.Message;
import dev.attune.text.Tokenizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Asks a model the questions of skill probes and counts the answers that are exactly right; the likeliest token always. */
final class SkillTest {
    private static final int SIDE_BY_SIDE = 16;
    private static final int SPARE_TOKENS = 4;

    private final Tokenizer tokenizer;
    private final int stop;

    SkillTest(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
        this.stop = tokenizer.idOf("<|im_end|>");
    }

    /** One question as tokens. */
    private record Asked(int[] prompt, String answer, int room) {}

    /** Share of right answers by skill, 0 to 1. */
    Map<String, Double> run(CausalLm model, List<SkillProbe> probes) {
        var scores = new LinkedHashMap<String, Double>();
        for (SkillProbe probe : probes) {
            List<Asked> questions = probe.questions().stream().map(this::asked).toList();
            int right = 0;
            for (int from = 0; from < questions.size(); from += SIDE_BY_SIDE) {
                right += right(model, questions.subList(from, Math.min(questions.size(), from + SIDE_BY_SIDE)));
            }
            scores.put(probe.name(), (double) right / Math.max(1, questions.size()));
        }
        return scores;
    }

    private Asked asked(SkillProbe.Question question) {
        int room = tokenizer.encode(question.answer()).length + SPARE_TOKENS;
        return new Asked(tokenizer.encode(prompt(question.prompt())), question.answer(), room);
    }

    private static String prompt(Conversation conversation) {
        var text = new StringBuilder();
        for (Message message : conversation.messages()) {
            text.append("<|im_start|>").append(message.role()).append('\n').append(message.content())
                    .append("<|im_end|>\n");
        }
        return text.append("<|im_start|>assistant\n").toString();
    }

    private int right(CausalLm model, List<Asked> questions) {
        int longest = questions.stream().mapToInt(asked -> asked.prompt.length + asked.room).max().orElse(1);
        var answers = new ArrayList<List<Integer>>();
        try (DecodeSession session = model.decode(Optional.empty(), questions.size(), longest)) {
            var next = new int[questions.size()];
            for (int slot = 0; slot < next.length; slot++) {
                answers.add(new ArrayList<>());
                next[slot] = largest(session.append(slot, questions.get(slot).prompt));
            }
            for (List<Integer> active = active(questions, answers, next); !active.isEmpty(); active = active(questions,
                    answers, next)) {
                int[] slots = active.stream().mapToInt(Integer::intValue).toArray();
                int[] tokens = active.stream().mapToInt(slot -> next[slot]).toArray();
                active.forEach(slot -> answers.get(slot).add(next[slot]));
                float[][] logits = session.step(slots, tokens);
                for (int i = 0; i < slots.length; i++) {
                    next[slots[i]] = largest(logits[i]);
                }
            }
        }
        int right = 0;
        for (int slot = 0; slot < questions.size(); slot++) {
            int[] ids = answers.get(slot).stream().mapToInt(Integer::intValue).toArray();
            right += tokenizer.decode(ids, true).equals(questions.get(slot).answer) ? 1 : 0;
        }
        return right;
    }

    private List<Integer> active(List<Asked> questions, List<List<Integer>> answers, int[] next) {
        var active = new ArrayList<Integer>();
        for (int slot = 0; slot < next.length; slot++) {
            if (next[slot] != stop && answers.get(slot).size() < questions.get(slot).room) {
                active.add(slot);
            }
        }
        return active;
    }

    private static int largest(float[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            if (logits[i] > logits[best]) {
                best = i;
            }
        }
        return best;
    }
}
