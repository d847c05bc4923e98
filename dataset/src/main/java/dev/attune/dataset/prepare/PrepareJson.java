package dev.attune.dataset.prepare;

import dev.attune.dataset.Problem;
import dev.attune.dataset.format.ConversionReport;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A preparation's report as JSON, and rows as lines. */
final class PrepareJson {
    private static final JsonMapper LINES = JsonMapper.builder().build();
    private static final JsonMapper MAPPER = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT)
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();

    private PrepareJson() {}

    static String line(Map<String, Object> row) {
        return LINES.writeValueAsString(row);
    }

    static String of(PrepareReport report) {
        ObjectNode root = MAPPER.createObjectNode();
        ArrayNode inputs = root.putArray("inputs");
        report.conversions().forEach(conversion -> input(inputs.addObject(), conversion));
        ObjectNode repairs = root.putObject("repairs").put("log", report.fixed().log().getFileName().toString())
                .put("lines", report.fixed().lines()).put("changed_lines", report.fixed().changedLines())
                .put("removed_lines", report.fixed().removedLines());
        ObjectNode changes = repairs.putObject("changes");
        report.fixed().changes().forEach(changes::put);
        problems(root.putArray("rewritten"), report.rewritten());
        problems(root.putArray("left_out"), report.leftOut());
        report.split().ifPresentOrElse(split -> root.set("split", MAPPER.valueToTree(split)),
                () -> root.putNull("split"));
        ArrayNode parts = root.putArray("parts");
        report.parts().forEach(part -> parts.addObject().put("file", part.file().getFileName().toString()).put("rows",
                part.rows()));
        return MAPPER.writeValueAsString(root) + "\n";
    }

    private static void input(ObjectNode node, ConversionReport conversion) {
        node.put("file", conversion.source().file().toString()).put("format", conversion.source().format().optionName())
                .put("evidence", conversion.source().evidence()).put("rows_read", conversion.rowsRead())
                .put("rows_written", conversion.rowsWritten());
        ArrayNode mapped = node.putArray("mapped");
        conversion.mapped().forEach(entry -> mapped.addObject().put("from", entry.from()).put("to", entry.to())
                .put("count", entry.count()));
        ArrayNode dropped = node.putArray("dropped");
        conversion.dropped().forEach(entry -> dropped.addObject().put("what", entry.what()).put("count", entry.count())
                .put("first_line", entry.firstLine()).put("reason", entry.reason()));
        problems(node.putArray("problems"), conversion.problems());
        node.put("errors", conversion.errors());
    }

    private static void problems(ArrayNode node, List<Problem> problems) {
        for (Problem problem : problems) {
            node.addObject().put("code", problem.code())
                    .put("severity", problem.severity().name().toLowerCase(Locale.ROOT)).put("line", problem.line())
                    .put("pointer", problem.pointer()).put("message", problem.message())
                    .put("excerpt", problem.excerpt());
        }
    }
}
