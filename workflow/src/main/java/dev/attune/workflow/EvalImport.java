package dev.attune.workflow;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import dev.attune.evals.convert.Imported;
import dev.attune.evals.convert.OpenAiEvalImport;
import dev.attune.evals.convert.PromptfooImport;
import dev.attune.workflow.WorkflowException.Code;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Reads an evaluation that was written for OpenAI or promptfoo, and writes it as ours. */
public final class EvalImport {
    private EvalImport() {}

    /**
     * Reads.
     *
     * @param file JSON of OpenAI's evals or of one grader; YAML or JSON of promptfoo; CSV of promptfoo's tests
     * @param judge the model that judges; empty for the one named there
     * @param prompt the prompt of a CSV, with places for its columns; empty to ask the first column
     * @throws WorkflowException where it is none of these
     */
    public static Imported read(Path file, String judge, String prompt) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        try {
            if (name.endsWith(".csv")) {
                return PromptfooImport.readCsv(csv(file), prompt, judge);
            }
            JsonNode root = name.endsWith(".json")
                    ? JsonMapper.shared().readTree(Files.readString(file))
                    : YamlJson.of(YamlDocument.read(file)).json();
            if (OpenAiEvalImport.isOne(root)) {
                return OpenAiEvalImport.read(root, judge);
            }
            if (PromptfooImport.isOne(root)) {
                return PromptfooImport.read(root, judge);
            }
            throw new WorkflowException(Code.RECIPE_INVALID, file
                    + " is neither one of OpenAI's evals or graders (testing_criteria, or type) nor a configuration of promptfoo (prompts, tests).");
        } catch (JacksonException e) {
            throw new WorkflowException(Code.RECIPE_INVALID, file + " is not JSON; mend that first.", e);
        } catch (CsvParseException e) {
            throw new WorkflowException(Code.RECIPE_INVALID,
                    file + " is not CSV with a header line (" + e.getMessage() + ").", e);
        } catch (IOException e) {
            throw new WorkflowException(Code.IO, file + " cannot be read as UTF-8 text (" + e.getMessage() + ").", e);
        }
    }

    private static List<Map<String, String>> csv(Path file) throws IOException {
        var rows = new ArrayList<Map<String, String>>();
        try (CsvReader<NamedCsvRecord> reader = CsvReader.builder().detectBomHeader(true).ofNamedCsvRecord(file)) {
            reader.forEach(row -> rows.add(row.getFieldsAsMap()));
        }
        return rows;
    }

    /**
     * Writes {@code eval.yaml} and, where there are any, {@code questions.jsonl}.
     *
     * @throws WorkflowException where one of them is there already
     */
    public static void write(Imported imported, Path folder) {
        try {
            Files.createDirectories(folder);
            YAMLMapper yaml = YAMLMapper.builder().build();
            create(folder.resolve("eval.yaml"),
                    yaml.writeValueAsString(imported.file()).replaceFirst("^---\\s*\\n", ""));
            if (!imported.rows().isEmpty()) {
                create(folder.resolve("questions.jsonl"),
                        imported.rows().stream().map(row -> row + "\n").collect(Collectors.joining()));
            }
        } catch (FileAlreadyExistsException e) {
            throw new WorkflowException(Code.IO, e.getFile() + " is there already; name another folder with --out.", e);
        } catch (IOException e) {
            throw new WorkflowException(Code.IO,
                    folder + " cannot be written (" + e.getMessage() + "); name another folder with --out.", e);
        }
    }

    private static void create(Path file, String content) throws IOException {
        Files.writeString(file, content, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }
}
