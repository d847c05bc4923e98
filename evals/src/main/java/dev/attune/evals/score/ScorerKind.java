package dev.attune.evals.score;

import dev.attune.evals.config.ConfigNode;
import java.util.LinkedHashMap;
import java.util.Map;

/** Makes a scorer of one kind from what is written below its name. */
@FunctionalInterface
interface ScorerKind {

    Scorer read(ConfigNode options, Scorers scorers);

    /** Every kind there is, by name. */
    static Map<String, ScorerKind> all() {
        var kinds = new LinkedHashMap<String, ScorerKind>();
        kinds.putAll(TextKinds.all());
        kinds.putAll(StructureKinds.all());
        kinds.putAll(LikenessKinds.all());
        kinds.putAll(BehaviourKinds.all());
        kinds.putAll(CombinedKinds.all());
        return kinds;
    }
}
