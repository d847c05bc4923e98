package dev.attune.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import picocli.CommandLine.Model.OptionSpec;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * The settings of a server that no flag of its command line names: from the environment ({@code ATTUNE_PORT} for
 * {@code --port}), and below that from a file ({@code port: 9000} in {@code attune.yaml}). Each flag has one name in all
 * three, and a name that is none of them is refused.
 */
final class ServeSettings {
    private static final String PREFIX = "ATTUNE_";
    /** Of the launcher, of other commands, and the secrets, which are no flags so that no list of processes shows them. */
    private static final Set<String> OTHER_VARIABLES = Set.of("ATTUNE_API_KEY", "ATTUNE_WEBHOOK_SECRET", "ATTUNE_DEBUG",
            "ATTUNE_HOME", "ATTUNE_JAVA_OPTS", "ATTUNE_JDK_FOLDERS", "ATTUNE_MEMORY", "ATTUNE_NO_AOT",
            "ATTUNE_NO_BUILD",
            "ATTUNE_PARENT_PID", "ATTUNE_TRAIN_AOT");
    private static final Set<String> NO_SETTINGS = Set.of("help", "version", "debug", "config", "home");

    private final Map<String, List<String>> values = new LinkedHashMap<>();

    private ServeSettings() {}

    /**
     * Reads what there is.
     *
     * @param options of the command
     * @param file the settings' file; read where it exists
     * @throws CommandException where something in it is not a setting, all of them at once
     */
    static ServeSettings read(List<OptionSpec> options, Path file, Map<String, String> environment) {
        var names = new TreeSet<String>();
        options.forEach(option -> names.add(option.longestName().substring(2)));
        names.removeAll(NO_SETTINGS);
        var settings = new ServeSettings();
        var wrong = new ArrayList<String>();
        settings.file(file, names, wrong);
        settings.environment(environment, names, wrong);
        if (!wrong.isEmpty()) {
            throw new CommandException(String.join("; ", wrong) + "; the settings are " + String.join(", ", names),
                    CommandException.USAGE);
        }
        return settings;
    }

    /** The flags that say the same, for those settings that the command line does not name. */
    List<String> arguments(Set<String> given) {
        var arguments = new ArrayList<String>();
        values.forEach((name, all) -> {
            if (!given.contains(name)) {
                all.forEach(value -> arguments.add("--" + name + "=" + value));
            }
        });
        return arguments;
    }

    private void environment(Map<String, String> environment, Set<String> names, List<String> wrong) {
        new TreeMap<>(environment).forEach((variable, value) -> {
            String name = variable.startsWith(PREFIX)
                    ? variable.substring(PREFIX.length()).toLowerCase(Locale.ROOT).replace('_', '-')
                    : "";
            if (names.contains(name)) {
                values.put(name, List.of(value.split(",")));
            } else if (!name.isEmpty() && !OTHER_VARIABLES.contains(variable)) {
                wrong.add("the variable " + variable + " is not a setting");
            }
        });
    }

    private void file(Path file, Set<String> names, List<String> wrong) {
        if (!Files.exists(file)) {
            return;
        }
        JsonNode all;
        try {
            // Made here, so that a server without a file does not wait for the parser's classes.
            all = YAMLMapper
                    .builder(YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build()).build()
                    .readTree(Files.readString(file));
        } catch (IOException | JacksonException e) {
            throw new CommandException("the settings " + file + " cannot be read: " + Sentence.of(e), e);
        }
        if (!all.isObject() && !all.isMissingNode() && !all.isNull()) {
            throw new CommandException("the settings " + file + " must be names and values, like \"port: 9000\"",
                    CommandException.USAGE);
        }
        all.properties().forEach(entry -> {
            if (names.contains(entry.getKey())) {
                values.put(entry.getKey(), texts(entry.getValue()));
            } else {
                wrong.add("\"" + Words.oneLine(entry.getKey()) + "\" in " + file + " is not a setting");
            }
        });
    }

    private static List<String> texts(JsonNode value) {
        if (value.isArray()) {
            return value.values().stream().map(JsonNode::asString).toList();
        }
        return value.isObject()
                ? value.properties().stream().map(pair -> pair.getKey() + "=" + pair.getValue().asString()).toList()
                : List.of(value.asString());
    }
}
