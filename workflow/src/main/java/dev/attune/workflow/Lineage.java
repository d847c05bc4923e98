package dev.attune.workflow;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** Where a tuned model comes from, as labels and values in the order in which a person asks. */
final class Lineage {
    private Lineage() {}

    /** What tells two models of one name apart: a hash where the server tells one, else when it was made. */
    static String identity(Map<String, String> modelFacts) {
        return modelFacts.getOrDefault("sha256", modelFacts.getOrDefault("created", ""));
    }

    /** @param weights SHA-256 of each of the base model's weight files; empty where they are not at hand */
    static Map<String, String> of(Recipe recipe, TuningJob job, Map<String, String> weights, DataSummary data,
            SplitSummary split) {
        var lines = new LinkedHashMap<String, String>();
        lines.put("base model", recipe.base());
        weights.forEach((file, hash) -> lines.put("base SHA-256 of " + file, hash));
        if (weights.isEmpty()) {
            lines.put("base SHA-256", "not known here; the provider keeps the weights");
        }
        lines.put("tuned model", job.tunedModel());
        lines.put("job", job.id());
        lines.put("provider", recipe.provider().key());
        lines.put("method", recipe.tune().settings().method());
        new TreeMap<>(job.hyperparameters()).forEach((name, value) -> lines.put(name.replace('_', ' '), value));
        lines.put("seed of training",
                job.seed() >= 0 ? String.valueOf(job.seed()) : String.valueOf(recipe.tune().seed()));
        lines.put("seed of the split", String.valueOf(recipe.data().seed()));
        if (job.trainedTokens() >= 0) {
            lines.put("trained tokens", Figures.grouped(job.trainedTokens()));
        }
        lines.put("data SHA-256", data.sha256());
        lines.put("training part SHA-256", split.trainSha256());
        if (!split.validationSha256().isEmpty()) {
            lines.put("validation part SHA-256", split.validationSha256());
        }
        lines.put("test part SHA-256", split.testSha256());
        if (job.createdAt().isAfter(Instant.EPOCH)) {
            lines.put("job created", job.createdAt().toString());
        }
        if (job.finishedAt().isAfter(job.createdAt())) {
            lines.put("job finished", job.finishedAt() + " (after "
                    + Figures.seconds(Duration.between(job.createdAt(), job.finishedAt()).toSeconds()) + ")");
        }
        versions().forEach((name, value) -> lines.put("version of " + name, value));
        return lines;
    }

    private static Map<String, String> versions() {
        var built = new Properties();
        try (InputStream in = Lineage.class.getResourceAsStream("versions.properties")) {
            if (in == null) {
                throw new IllegalStateException("versions.properties is not beside Lineage.class");
            }
            built.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var versions = new LinkedHashMap<String, String>();
        versions.put("Attune", built.getProperty("attune"));
        versions.put("openai-java", built.getProperty("openai-java"));
        versions.put("Java", Runtime.version().toString());
        return versions;
    }
}
