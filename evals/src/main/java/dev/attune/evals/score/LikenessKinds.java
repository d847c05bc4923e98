package dev.attune.evals.score;

import dev.attune.evals.config.ConfigNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleBiFunction;

/** How near the answer comes to what is expected: texts by likeness, classes, numbers. */
final class LikenessKinds {
    private LikenessKinds() {}

    static Map<String, ScorerKind> all() {
        var kinds = new LinkedHashMap<String, ScorerKind>();
        similarity(kinds, "partial", Similarity::partial);
        similarity(kinds, "levenshtein", Similarity::levenshtein);
        similarity(kinds, "jaro_winkler", JaroWinkler::of);
        similarity(kinds, "token_f1", Similarity::tokenF1);
        similarity(kinds, "rouge_1", (a, b) -> Similarity.rouge(a, b, 1));
        similarity(kinds, "rouge_2", (a, b) -> Similarity.rouge(a, b, 2));
        similarity(kinds, "rouge_3", (a, b) -> Similarity.rouge(a, b, 3));
        similarity(kinds, "rouge_4", (a, b) -> Similarity.rouge(a, b, 4));
        similarity(kinds, "rouge_5", (a, b) -> Similarity.rouge(a, b, 5));
        similarity(kinds, "rouge_l", Similarity::rougeL);
        similarity(kinds, "bleu", Similarity::bleu);
        similarity(kinds, "gleu", Similarity::gleu);
        similarity(kinds, "chrf", ChrF::of);
        similarity(kinds, "meteor", Similarity::meteor);
        similarity(kinds, "cosine", Similarity::cosine);
        kinds.put("edits", LikenessKinds::edits);
        kinds.put("label", (o, s) -> new LabelScorer(TextKinds.texts(o, "labels")));
        kinds.put("number",
                (o, s) -> new NumberScorer(o.number("tolerance", 0, 0, 1e15), o.number("relative", 0, 0, 1)));
        kinds.put("probability", (o, s) -> new ProbabilityScorer());
        return kinds;
    }

    private static Scorer edits(ConfigNode options, Scorers scorers) {
        if (!options.has("at_most")) {
            options.problem("at_most", "is missing; give the most insertions, deletions and changes of a letter");
        }
        long most = options.whole("at_most", 0, 0, Similarity.MOST_LETTERS);
        return new EditsScorer((int) most,
                options.has("value") ? Optional.of(Template.of(options.text("value", ""))) : Optional.empty());
    }

    private static void similarity(Map<String, ScorerKind> kinds, String name,
            ToDoubleBiFunction<String, String> measure) {
        kinds.put(name, (o, s) -> new SimilarityScorer(name, measure,
                o.has("value") ? Optional.of(Template.of(o.text("value", ""))) : Optional.empty()));
    }
}
