package dev.attune.evals.judge;

import dev.attune.evals.config.ConfigNode;
import dev.attune.evals.run.Asker;
import dev.attune.evals.run.Asker.Reply;
import dev.attune.evals.run.ChatCall;
import dev.attune.evals.run.ChatModel;
import dev.attune.evals.run.Question;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A model that says which of two answers is better. It is asked in both orders; only what it says both times is a verdict,
 * and where the orders disagree it is a tie, as judges lean towards a place (Zheng et al. 2023). A reply that names none is
 * asked for once more, and then the pair has no verdict. Thread-safe.
 */
public final class PairwiseJudge {
    private static final String TASK = "Two answers to one question are below, as answer A and answer B. Say which is better by this: %s"
            + "\n\nThe grade is A, B, or C where neither is better.";

    /** What one pair comes to. */
    public enum Verdict {
        /** The measured model's answer, in both orders. */
        TUNED,
        /** The compared model's answer, in both orders. */
        BASE,
        /** Neither. */
        TIE,
        /** Another one in each order, the one shown first both times. */
        FIRST_PLACE,
        /** Another one in each order, the one shown second both times. */
        SECOND_PLACE,
        /** The judge did not say. */
        NONE
    }

    private final Judges judges;
    private final ChatModel model;
    private final String criteria;
    private final int maxTokens;

    private PairwiseJudge(Judges judges, ChatModel model, String criteria, int maxTokens) {
        this.judges = judges;
        this.model = model;
        this.criteria = criteria;
        this.maxTokens = maxTokens;
    }

    /** Reads {@code pairwise: {model, criteria, own_family, max_tokens}}. */
    static PairwiseJudge read(ConfigNode options, Judges judges) {
        String name = options.required("model");
        judges.refuseOwnFamily(options, name);
        String criteria = options.text("criteria",
                "how well it answers the question: right first, then helpful, then clear");
        int maxTokens = (int) options.whole("max_tokens", 1_024, 1, 100_000);
        options.done();
        return new PairwiseJudge(judges, judges.model(name), criteria, maxTokens);
    }

    public String name() {
        return model.name();
    }

    /** Compares one pair. */
    public Verdict compare(Question question, String base, String tuned) throws InterruptedException {
        char first = ask(question, tuned, base);
        char second = ask(question, base, tuned);
        if (first == '?' || second == '?') {
            return Verdict.NONE;
        }
        if (first == 'A' && second == 'B') {
            return Verdict.TUNED;
        }
        if (first == 'B' && second == 'A') {
            return Verdict.BASE;
        }
        if (first == second && first != 'C') {
            return first == 'A' ? Verdict.FIRST_PLACE : Verdict.SECOND_PLACE;
        }
        return Verdict.TIE;
    }

    private char ask(Question question, String a, String b) throws InterruptedException {
        var messages = JudgePrompt.pair(String.format(TASK, criteria), question.text(),
                question.referenced() ? question.expected() : "", a, b);
        String reply = said(messages);
        char verdict = verdict(reply);
        return verdict == '?' ? verdict(said(JudgePrompt.repair(messages, reply))) : verdict;
    }

    private static char verdict(String reply) {
        Optional<String> grade = JudgeForm.last(reply).map(String::strip);
        return grade.filter(g -> g.matches("(?i)(?:answer )?[ABC]"))
                .map(g -> Character.toUpperCase(g.charAt(g.length() - 1))).orElse('?');
    }

    private String said(JsonNode messages) throws InterruptedException {
        Asker asker = judges.asker();
        var call = new ChatCall(messages, JsonMapper.shared().createArrayNode(), 0, maxTokens, 0,
                asker.limits().request());
        return asker.ask(model, call) instanceof Reply.Given given ? given.answer().text() : "";
    }
}
