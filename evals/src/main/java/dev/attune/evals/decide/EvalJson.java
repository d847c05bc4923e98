package dev.attune.evals.decide;

import dev.attune.evals.Interval;
import dev.attune.evals.PairedComparison;
import dev.attune.evals.judge.PairwiseResult;
import dev.attune.evals.run.Asker.Reply;
import dev.attune.evals.run.ModelResult;
import dev.attune.evals.run.Outcome;
import dev.attune.evals.run.ScoredRow;
import dev.attune.evals.score.Classification;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A report for programs. Within {@code schema_version} 1 keys are only added. */
public final class EvalJson {
    private static final JsonMapper JSON = JsonMapper.shared();

    private EvalJson() {}

    public static String of(EvalReport report) {
        ObjectNode root = JSON.createObjectNode().put("schema_version", 1).put("title", report.title()).put("model",
                report.tuned().model());
        report.base().ifPresent(base -> root.put("against", base.model()));
        root.put("seed", report.seed());
        ObjectNode decision = root.putObject("decision");
        decision.put("verdict", report.decision().checks().isEmpty() ? "none" : name(report.decision().verdict()));
        var checks = decision.putArray("checks");
        report.decision().checks()
                .forEach(check -> checks.addObject().put("rule", check.rule()).put("verdict", name(check.verdict()))
                        .put("sentence", check.sentence()));
        var scorers = root.putArray("scorers");
        report.scorers().forEach(scorer -> scorer(scorers.addObject(), scorer));
        report.labels().forEach(labels -> labels(root.withArrayProperty("labels").addObject(), labels));
        var slices = root.putArray("slices");
        report.slices().forEach(slice -> {
            ObjectNode node = slices.addObject().put("key", slice.key()).put("value", slice.value()).put("n", slice.n())
                    .put("few", slice.isSmall()).put("adjusted_p", slice.adjustedP());
            interval(node.putObject("score"), slice.score());
            slice.comparison().ifPresent(c -> comparison(node.putObject("comparison"), c));
        });
        report.general().ifPresent(general -> {
            var families = root.putObject("general").putArray("families");
            general.families()
                    .forEach(family -> comparison(families.addObject().put("family", family.scorer()), family));
            comparison(((ObjectNode) root.get("general")).putObject("all"), general.all());
        });
        judges(root, report);
        report.pairwise().ifPresent(pairs -> pairwise(root.putObject("pairwise"), pairs));
        var notes = root.putArray("notes");
        report.notes().forEach(notes::add);
        var rows = root.putArray("rows");
        report.tuned().rows().forEach(row -> row(rows.addObject(), report.tuned(), row));
        report.base().ifPresent(base -> base.rows().forEach(row -> row(rows.addObject(), base, row)));
        return root.toPrettyString() + "\n";
    }

    private static void scorer(ObjectNode node, ScorerResult scorer) {
        node.put("scorer", scorer.scorer()).put("questions", scorer.questions()).put("scored", scorer.counts().scored())
                .put("unscored", scorer.counts().unscored()).put("failed", scorer.counts().failed())
                .put("left_out", scorer.leftOut());
        if (scorer.questions() == 0) {
            node.putNull("score");
        } else {
            interval(node.putObject("score"), scorer.score());
        }
        scorer.comparison().filter(c -> c.n() > 0).ifPresent(c -> comparison(node.putObject("comparison"), c));
        if (!scorer.passAt().isEmpty()) {
            var at = node.putArray("pass_at_k");
            scorer.passAt().forEach(at::add);
            var all = node.putArray("pass_all_k");
            scorer.passAll().forEach(all::add);
        }
    }

    private static void labels(ObjectNode node, LabelFigures labels) {
        Classification figures = labels.figures();
        node.put("scorer", labels.scorer()).put("model", labels.model()).put("accuracy", figures.accuracy())
                .put("balanced_accuracy", figures.balancedAccuracy()).put("macro_f1", figures.macroF1())
                .put("micro_f1", figures.accuracy()).put("mcc", figures.matthews());
        var each = node.putArray("by_label");
        labels.labels().forEach(label -> each.addObject().put("label", label).put("precision", figures.precision(label))
                .put("recall", figures.recall(label)).put("f1", figures.f1(label)));
        var names = node.putArray("confusion_labels");
        figures.labels().forEach(names::add);
        var table = node.putArray("confusion");
        for (int[] line : figures.table()) {
            var cells = table.addArray();
            for (int count : line) {
                cells.add(count);
            }
        }
    }

    private static void judges(ObjectNode root, EvalReport report) {
        if (!report.calibrations().isEmpty()) {
            ObjectNode judges = root.putObject("judges");
            report.calibrations()
                    .forEach((name, c) -> judges.putObject(name).put("rows", c.n()).put("unscored", c.unscored())
                            .put("agreement", c.agreement()).put("kappa", c.kappa()).put("ac1", c.gwet())
                            .put("sensitivity", c.sensitivity())
                            .put("specificity", c.specificity()));
        }
        if (!report.corrected().isEmpty()) {
            var corrected = root.putArray("judges_corrected");
            report.corrected().forEach(c -> {
                ObjectNode node = corrected.addObject().put("scorer", c.scorer()).put("model", c.model())
                        .put("pass_rate", c.passRate());
                c.passRateOfPeople().ifPresent(i -> interval(node.putObject("rogan_gladen"), i));
                c.shareRight().ifPresent(i -> interval(node.putObject("prediction_powered"), i));
            });
        }
        report.stress().ifPresent(stress -> {
            ObjectNode node = root.putObject("stress").put("scorer", stress.scorer());
            var kinds = node.putArray("robustness");
            stress.robustness()
                    .forEach(d -> interval(
                            kinds.addObject().put("kind", d.kind()).put("n", d.n()).put("clean", d.clean())
                                    .put("disturbed", d.disturbed()).put("drop_rate", d.dropRate()).putObject("change"),
                            d.change()));
            stress.bias().ifPresent(
                    b -> interval(node.putObject("bias").put("pairs", b.pairs()).put("flips", b.flips()).put("p", b.p())
                            .putObject("flip_rate"), b.flipRate()));
        });
    }

    private static void pairwise(ObjectNode node, PairwiseResult pairs) {
        node.put("judge", pairs.judge()).put("wins", pairs.wins()).put("losses", pairs.losses())
                .put("ties", pairs.ties())
                .put("none", pairs.none()).put("consistency", pairs.consistency())
                .put("first_preference", pairs.firstPreference());
        interval(node.putObject("win_rate"), pairs.winRate());
        pairs.atEqualLength()
                .ifPresent(length -> interval(
                        node.put("length_slope", length.slopes().get("length")).putObject("win_rate_at_equal_length"),
                        length.controlled()));
        pairs.atEqualStyle().ifPresent(style -> {
            interval(node.putObject("win_rate_at_equal_style"), style.controlled());
            ObjectNode slopes = node.putObject("style_slopes");
            style.slopes().forEach(slopes::put);
        });
    }

    private static void row(ObjectNode node, ModelResult result, ScoredRow row) {
        node.put("model", result.model()).put("id", row.question().id()).put("line", row.question().line())
                .put("repeat", row.repeat());
        switch (row.reply()) {
            case Reply.Given given ->
                node.put("answer", given.answer().text()).put("seconds", given.answer().seconds());
            case Reply.Failed failed -> node.put("error", failed.reason());
        }
        ObjectNode scores = node.putObject("scores");
        for (int i = 0; i < result.scorers().size(); i++) {
            String name = result.scorers().get(i);
            switch (row.outcomes().get(i)) {
                case Outcome.Scored scored ->
                    scores.putObject(name).put("score", scored.score().value()).put("reason", scored.score().reason())
                            .put("feedback", scored.score().feedback());
                case Outcome.Unscored unscored -> scores.putObject(name).put("unscored", unscored.reason());
                case Outcome.Failed failed -> scores.putObject(name).put("failed", failed.reason());
            }
        }
    }

    private static void comparison(ObjectNode node, PairedComparison comparison) {
        node.put("n", comparison.n()).put("wins", comparison.wins()).put("losses", comparison.losses())
                .put("ties", comparison.n() - comparison.wins() - comparison.losses()).put("p", comparison.pValue())
                .put("test", comparison.test());
        interval(node.putObject("base"), comparison.base());
        interval(node.putObject("tuned"), comparison.tuned());
        interval(node.putObject("difference"), comparison.difference());
    }

    private static void interval(ObjectNode node, Interval interval) {
        node.put("estimate", interval.estimate()).put("low", interval.low()).put("high", interval.high());
    }

    private static String name(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
