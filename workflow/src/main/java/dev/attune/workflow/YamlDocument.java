package dev.attune.workflow;

import dev.attune.workflow.WorkflowException.Code;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLParser;

/** Reads one YAML document into nodes that know their lines. Repeated keys, aliases and a second document are refused. */
final class YamlDocument {
    private static final YAMLMapper YAML = YAMLMapper
            .builder(YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
            .build();
    /** A recipe is a page; a file of megabytes is something else. */
    private static final long MOST_BYTES = 1_000_000;

    private final Path file;

    private YamlDocument(Path file) {
        this.file = file;
    }

    /** @throws WorkflowException which names the file and, where it can, the line */
    static YamlNode read(Path file) {
        return new YamlDocument(file).parse();
    }

    private YamlNode parse() {
        String text = content();
        try (JsonParser parser = YAML.createParser(text)) {
            if (parser.nextToken() == null) {
                throw invalid(1, "the file is empty; write at least name, base and data");
            }
            YamlNode root = node(parser);
            if (parser.nextToken() != null) {
                throw invalid(line(parser), "a second document begins here; a recipe is one document");
            }
            return root;
        } catch (JacksonException e) {
            int line = e.getLocation() == null ? 1 : Math.max(1, e.getLocation().getLineNr());
            throw invalid(line, "this is not YAML: " + firstLine(e.getOriginalMessage()));
        }
    }

    private YamlNode node(JsonParser parser) {
        int line = line(parser);
        if (parser instanceof YAMLParser yaml && yaml.isCurrentAlias()) {
            throw invalid(line, "an alias (*" + parser.getString() + ") cannot be used here; write the value itself");
        }
        JsonToken token = parser.currentToken();
        return switch (token) {
            case START_OBJECT -> mapping(parser, line);
            case START_ARRAY -> {
                var items = new ArrayList<YamlNode>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    items.add(node(parser));
                }
                yield new YamlNode.Sequence(line, items);
            }
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
                new YamlNode.Number(line, parser.getDoubleValue(), parser.getString());
            case VALUE_TRUE -> new YamlNode.Flag(line, true);
            case VALUE_FALSE -> new YamlNode.Flag(line, false);
            case VALUE_NULL -> new YamlNode.Nothing(line);
            default -> new YamlNode.Text(line, parser.getString());
        };
    }

    private YamlNode mapping(JsonParser parser, int line) {
        Map<String, YamlNode.Entry> entries = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = parser.currentName();
            int keyLine = line(parser);
            parser.nextToken();
            entries.put(key, new YamlNode.Entry(keyLine, node(parser)));
        }
        return new YamlNode.Mapping(line, entries);
    }

    private String content() {
        if (Files.isDirectory(file)) {
            throw new WorkflowException(Code.RECIPE_INVALID, file + " is a folder; name the recipe in it, for example "
                    + file.resolve("recipe.yaml") + ".");
        }
        if (!Files.isRegularFile(file)) {
            throw new WorkflowException(Code.RECIPE_INVALID, "There is no recipe at " + file + "; name a YAML file.");
        }
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new WorkflowException(Code.RECIPE_INVALID,
                        file + " is larger than 1 MB and thus no recipe; name the YAML file, not the data.");
            }
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(Files.readAllBytes(file))).toString();
        } catch (CharacterCodingException e) {
            throw new WorkflowException(Code.RECIPE_INVALID, file + " is not UTF-8 text; save it as UTF-8.", e);
        } catch (IOException e) {
            throw new WorkflowException(Code.IO, file + " cannot be read (" + e.getMessage() + "); mend that first.",
                    e);
        }
    }

    private WorkflowException invalid(int line, String problem) {
        return new WorkflowException(Code.RECIPE_INVALID, file + " line " + line + ": " + problem + ".");
    }

    private static int line(JsonParser parser) {
        return Math.max(1, parser.currentTokenLocation().getLineNr());
    }

    private static String firstLine(String message) {
        String text = message.strip();
        int end = text.indexOf('\n');
        String first = end < 0 ? text : text.substring(0, end).strip();
        return first.endsWith(".") ? first.substring(0, first.length() - 1) : first;
    }
}
