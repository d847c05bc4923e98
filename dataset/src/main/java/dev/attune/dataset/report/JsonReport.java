package dev.attune.dataset.report;

import dev.attune.dataset.CostEstimate;
import dev.attune.dataset.DataFigures;
import dev.attune.dataset.Distribution;
import dev.attune.dataset.LabelBalance;
import dev.attune.dataset.Problem;
import dev.attune.dataset.Severity;
import dev.attune.dataset.TokenStatistics;
import dev.attune.dataset.Truncation;
import dev.attune.dataset.target.Images;
import dev.attune.dataset.target.Target;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A report as JSON of the form that {@code schemas/check-report.schema.json} describes. */
public final class JsonReport {
    private static final int VERSION = 1;
    private static final JsonMapper MAPPER = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private JsonReport() {}

    /** The report as one indented JSON object. */
    public static String of(CheckReport report) {
        ObjectNode root = MAPPER.createObjectNode();
        root.put("schema_version", VERSION);
        target(root.putObject("target"), report.target());
        if (report.isNarrowed()) {
            ArrayNode checked = root.putArray("checked");
            report.checked().forEach(group -> checked.add(word(group)));
        }
        root.putObject("summary").put("usable", report.isUsable()).put("errors", report.count(Severity.ERROR))
                .put("warnings", report.count(Severity.WARNING)).put("advice", report.count(Severity.ADVICE));
        ArrayNode files = root.putArray("files");
        report.files().forEach(file -> file(files.addObject(), file, report.checked()));
        ArrayNode sets = root.putArray("eval_sets");
        report.evalSets().forEach(set -> {
            ObjectNode node = sets.addObject().put("file", set.file()).put("items", set.items())
                    .put("contaminated", set.contaminated());
            findings(node.putArray("findings"), set.findings());
        });
        return MAPPER.writeValueAsString(root);
    }

    private static void target(ObjectNode node, Target target) {
        node.put("provider", target.provider().prefix()).put("model", target.model())
                .put("example_tokens", target.limits().exampleTokens())
                .put("overlong", word(target.limits().overlong()));
        day(node, "jobs_end", target.jobsEnd());
        day(node, "ends", target.ends());
    }

    private static void day(ObjectNode node, String key, Optional<LocalDate> day) {
        day.ifPresentOrElse(date -> node.put(key, date.toString()), () -> node.putNull(key));
    }

    private static void file(ObjectNode node, FileReport file, Set<CheckGroup> checked) {
        DataFigures data = file.data();
        node.put("file", file.file()).put("bytes", file.bytes()).put("format", file.format())
                .put("usable", file.isUsable()).put("examples", file.examples()).put("rows", data.rows());
        if (checked.contains(CheckGroup.TOKENS)) {
            tokens(node.putObject("tokens"), data.tokens());
        } else {
            node.putNull("tokens");
        }
        distribution(node.putObject("messages"), data.messages());
        images(node.putObject("images"), file.target().images());
        if (checked.contains(CheckGroup.REPEATS)) {
            node.putObject("duplicates").put("exact_surplus", data.repetitions().exactSurplus()).put("near_surplus",
                    data.repetitions().nearSurplus());
            node.putObject("contradictions").put("rows", data.repetitions().conflicting()).put("accuracy_ceiling",
                    data.repetitions().accuracyCeiling());
        } else {
            node.putNull("duplicates").putNull("contradictions");
        }
        if (checked.contains(CheckGroup.BALANCE)) {
            labels(node.putArray("labels"), data.labels());
        } else {
            node.putNull("labels");
        }
        file.estimate().ifPresentOrElse(estimate -> estimate(node.putObject("estimate"), estimate),
                () -> node.putNull("estimate"));
        findings(node.putArray("findings"), file.findings());
    }

    private static void labels(ArrayNode node, List<LabelBalance> labels) {
        labels.forEach(label -> {
            ObjectNode counts = node.addObject().put("field", label.field())
                    .put("effective_labels", label.effectiveLabels()).putObject("counts");
            label.counts().forEach(counts::put);
        });
    }

    private static void tokens(ObjectNode node, TokenStatistics tokens) {
        distribution(node.putObject("total"), tokens.total());
        distribution(node.putObject("trained"), tokens.trained());
        Truncation cut = tokens.truncation();
        node.put("too_long", tokens.tooLong());
        ArrayNode emptied = node.putObject("truncated").put("rows", cut.rows()).put("tokens", cut.tokens())
                .put("trained_tokens", cut.trainedTokens()).putArray("emptied_lines");
        cut.emptied().forEach(emptied::add);
    }

    private static void distribution(ObjectNode node, Distribution d) {
        node.put("sum", d.total()).put("min", d.min()).put("p5", d.p5()).put("p50", d.median()).put("mean", d.mean())
                .put("p95", d.p95()).put("max", d.max());
    }

    private static void images(ObjectNode node, Images images) {
        node.put("rows", images.rows()).put("images", images.images()).put("tokens", images.tokens()).put("uncounted",
                images.uncounted());
    }

    private static void estimate(ObjectNode node, CostEstimate estimate) {
        node.put("model", estimate.model()).put("epochs", estimate.epochs())
                .put("tokens_per_epoch", estimate.tokensPerEpoch()).put("billed_tokens", estimate.billedTokens());
        number(node, "usd", estimate.usd());
        number(node, "usd_per_1000_requests", estimate.usdPerThousandRequests());
        node.put("price_note", estimate.priceNote());
        estimate.duration().ifPresentOrElse(time -> node.put("seconds", time.toMillis() / 1000.0),
                () -> node.putNull("seconds"));
    }

    private static void number(ObjectNode node, String key, OptionalDouble value) {
        if (value.isPresent()) {
            node.put(key, value.getAsDouble());
        } else {
            node.putNull(key);
        }
    }

    private static void findings(ArrayNode node, List<FindingGroup> groups) {
        for (FindingGroup group : groups) {
            CheckEntry entry = group.entry();
            ObjectNode finding = node.addObject().put("code", group.code()).put("severity", word(group.severity()))
                    .put("count", group.count()).put("title", entry.title()).put("explanation", entry.explanation())
                    .put("fix", word(entry.repair()));
            ArrayNode problems = finding.putArray("problems");
            for (Problem problem : group.problems()) {
                problems.addObject().put("line", problem.line()).put("pointer", problem.pointer())
                        .put("message", problem.message()).put("excerpt", problem.excerpt());
            }
        }
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
