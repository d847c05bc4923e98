package dev.attune.server.datasets;

import dev.attune.dataset.DatasetException;
import dev.attune.dataset.RowKey;
import dev.attune.dataset.SplitMode;
import dev.attune.dataset.SplitPlan;
import dev.attune.dataset.format.ColumnMapping;
import dev.attune.dataset.format.ReadOptions;
import dev.attune.dataset.format.SourceFormat;
import dev.attune.dataset.format.TargetFormat;
import dev.attune.dataset.format.Turns;
import dev.attune.dataset.prepare.PreparePlan;
import dev.attune.server.protocol.ApiException;
import dev.attune.server.protocol.Fields;
import dev.attune.server.protocol.UnknownKeys;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What a request to prepare a file asks for: the options of {@code attune prepare}, by their names.
 *
 * @param fileId the stored file
 */
record PrepareRequest(String fileId, ReadOptions reading, Turns turns, Optional<SplitPlan> split, TargetFormat format,
        Set<String> keeps, boolean stripsMarkup, boolean masksPersonalData, boolean settlesContradictions,
        boolean skipsFaultyRows) {
    private static final Set<String> KEYS = Set.of("file_id", "format", "from", "map", "delimiter", "header", "turns",
            "split", "keep", "strip_html", "mask_pii", "settle_contradictions", "skip_faulty");
    private static final Set<String> SPLIT_KEYS = Set.of("validation", "test", "seed", "group", "stratify", "sticky",
            "by_time");

    /**
     * @throws ApiException 400, naming the key
     */
    static PrepareRequest of(Fields body) {
        UnknownKeys.refuse(body, KEYS);
        String turns = body.text("turns", "whole");
        if (!turns.equals("whole") && !turns.equals("each")) {
            throw ApiException.badRequest("Invalid value: '" + turns + "'. Supported values are: 'whole' and 'each'.",
                    "turns", "invalid_value");
        }
        return new PrepareRequest(body.required("file_id"), reading(body),
                turns.equals("each") ? Turns.EACH_ANSWER : Turns.WHOLE, split(body),
                named("format", () -> TargetFormat.of(body.text("format", "openai"))), keeps(body),
                body.flag("strip_html", false), body.flag("mask_pii", false),
                body.flag("settle_contradictions", false), body.flag("skip_faulty", false));
    }

    /** The plan that makes this of a file. */
    PreparePlan plan(Path file) {
        return new PreparePlan(List.of(file), reading, turns, split, format, keeps, stripsMarkup, masksPersonalData,
                settlesContradictions, skipsFaultyRows);
    }

    private static ReadOptions reading(Fields body) {
        ReadOptions options = ReadOptions.defaults();
        if (body.has("from")) {
            ReadOptions before = options;
            options = named("from", () -> before.from(SourceFormat.of(body.text("from", ""))));
        }
        if (body.has("map")) {
            ReadOptions before = options;
            options = named("map", () -> before.map(ColumnMapping.parse(body.text("map", ""))));
        }
        if (body.has("delimiter")) {
            String delimiter = body.text("delimiter", "");
            if (delimiter.length() != 1) {
                throw ApiException.badRequest("Invalid 'delimiter': expected one character.", "delimiter");
            }
            options = options.delimiter(delimiter.charAt(0));
        }
        return body.has("header") ? options.header(body.flag("header", true)) : options;
    }

    private static Optional<SplitPlan> split(Fields body) {
        if (!body.has("split")) {
            return Optional.empty();
        }
        Fields split = body.object("split");
        UnknownKeys.refuse(split, SPLIT_KEYS);
        double validation = split.number("validation", 0, 0.9, 0);
        double test = split.number("test", 0, 0.9, 0);
        boolean sticky = split.flag("sticky", false);
        String time = split.text("by_time", "");
        String stratum = split.text("stratify", "");
        if (validation + test <= 0 || validation + test >= 1) {
            throw ApiException.badRequest("Invalid 'split': expected shares for 'validation' and 'test' that leave some"
                    + " rows to train on, such as {\"validation\": 0.1, \"test\": 0.1}.", "split");
        }
        if ((sticky ? 1 : 0) + (time.isEmpty() ? 0 : 1) + (stratum.isEmpty() ? 0 : 1) > 1) {
            throw ApiException.badRequest("Invalid 'split': 'sticky', 'by_time' and 'stratify' exclude each other;"
                    + " choose one.", "split");
        }
        SplitPlan plan = SplitPlan
                .of(validation, test, split.integer("seed", Long.MIN_VALUE, Long.MAX_VALUE, 0))
                .groupedBy(new RowKey(split.text("group", ""))).stratifiedBy(new RowKey(stratum));
        if (sticky) {
            return Optional.of(plan.withMode(new SplitMode.Sticky()));
        }
        return Optional.of(time.isEmpty() ? plan : plan.withMode(new SplitMode.Temporal(new RowKey(time))));
    }

    private static Set<String> keeps(Fields body) {
        var keeps = new LinkedHashSet<String>();
        for (JsonNode key : body.array("keep")) {
            if (!key.isString()) {
                throw body.wrongType("keep", "an array of strings", key);
            }
            keeps.add(key.stringValue());
        }
        return keeps;
    }

    /** What a name stands for. */
    private interface Meaning<T> {
        T get();
    }

    private static <T> T named(String key, Meaning<T> meaning) {
        try {
            return meaning.get();
        } catch (DatasetException e) {
            throw ApiException.badRequest(
                    String.valueOf(e.getMessage()).replace("--to ", "'format' ").replace("--", ""),
                    key,
                    "invalid_value");
        }
    }
}
