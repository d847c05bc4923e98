package dev.attune.evals.score;

import dev.attune.evals.config.ConfigProblems;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;

/** Each row by the scorer that the row itself brings along, as one writes scorers. */
final class RowScorer implements Scorer {
    private final Scorers reader;
    private final String key;
    private final Map<String, Scorer> known = new ConcurrentHashMap<>();

    /** @param key of the row, below which its scorer stands */
    RowScorer(Scorers reader, String key) {
        this.reader = reader;
        this.key = key;
    }

    @Override
    public String name() {
        return "by_row";
    }

    @Override
    public List<Scorer> parts() {
        return List.copyOf(known.values());
    }

    @Override
    public Score score(Sample sample) {
        JsonNode check = sample.item().path(key);
        if (check.isMissingNode()) {
            throw new UnscorableException("the row has no " + key);
        }
        return known.computeIfAbsent(check.toString(), written -> read(check)).score(sample);
    }

    private Scorer read(JsonNode check) {
        var problems = new ConfigProblems();
        Scorer scorer = reader.read(problems, "/" + key, check);
        if (!problems.isEmpty()) {
            throw new UnscorableException("the row's " + problems.all().getFirst());
        }
        return scorer;
    }
}
