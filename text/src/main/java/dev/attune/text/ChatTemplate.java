package dev.attune.text;

import dev.attune.text.TemplateInterpreter.Rendering;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The chat template of a base model: a conversation in, the text that the model reads out.
 *
 * <p>The language is the part of Jinja that published chat templates use, set up as transformers sets it up
 * ({@code trim_blocks}, {@code lstrip_blocks}, {@code break}/{@code continue}, {@code {% generation %}}, {@code tojson}
 * without HTML escaping, {@code raise_exception}, {@code strftime_now}). A construct that is not known is an error when the
 * template is read, never a silent guess. The template sees {@code messages}, {@code tools} (none where there are none),
 * {@code documents} (none), {@code add_generation_prompt}, and the special tokens of the model ({@code bos_token},
 * {@code eos_token}, …).
 *
 * <p>Templates differ in what they expect of a tool call: most want its arguments as an object, some as JSON text, and
 * some want the empty content beside it to be none. That is found out once, with a trial call, when the template is read.
 * A developer turn is handed over as a system turn unless the template speaks of developers.
 *
 * <p>Immutable and thread-safe.
 */
public final class ChatTemplate {
    private static final ToolCall TRIAL_CALL = new ToolCall("attune123", "attune_trial",
            "{\"trial_key\": \"trial_value\"}");
    private static final Map<String, Object> TRIAL_TOOL = Map.of("type", "function", "function", Map.of("name",
            "attune_trial", "description", "", "parameters", Map.of("type", "object", "properties", Map.of())));

    private final String where;
    private final String source;
    private final String toolSource;
    private final Program main;
    private final Program withTools;
    private final Map<String, String> specialTokens;
    private final Clock clock;

    /** A template as the parser left it, and how it wants its messages. */
    private record Program(List<Statement> statements, TemplateMessages messages) {}

    private ChatTemplate(String where, String source, String toolSource, Map<String, String> specialTokens,
            Clock clock) {
        this.where = where;
        this.source = source;
        this.toolSource = toolSource;
        this.specialTokens = Map.copyOf(specialTokens);
        this.clock = clock;
        main = program(source);
        withTools = toolSource.equals(source) ? main : program(toolSource);
    }

    /**
     * Reads the template of a model directory: {@code chat_template.jinja}, else {@code chat_template} in
     * {@code tokenizer_config.json}. Where there are several by name, {@code default} counts, and {@code tool_use} for
     * conversations with tools.
     *
     * @throws TextException where there is none, or one that cannot be understood
     */
    public static ChatTemplate load(Path modelDir) {
        var templates = new LinkedHashMap<String, String>();
        var tokenizer = SpecialTokens.json(modelDir.resolve("tokenizer_config.json"));
        var configured = tokenizer.path("chat_template");
        if (configured.isString()) {
            templates.put("default", configured.asString());
        }
        configured
                .forEach(named -> templates.put(named.path("name").asString(""), named.path("template").asString("")));
        String where = modelDir.resolve("tokenizer_config.json").toString();
        Path file = modelDir.resolve("chat_template.jinja");
        try {
            if (Files.isRegularFile(file)) {
                where = file.toString();
                templates.put("default", Files.readString(file));
            }
            Path tools = modelDir.resolve("additional_chat_templates").resolve("tool_use.jinja");
            if (Files.isRegularFile(tools)) {
                templates.put("tool_use", Files.readString(tools));
            }
        } catch (IOException e) {
            throw new TextException("The chat template in " + modelDir + " could not be read (" + e.getMessage()
                    + "); it must be UTF-8 text.", e);
        }
        String source = templates.get("default");
        if (source == null) {
            throw new TextException("There is no chat template in " + modelDir + "; put a chat_template.jinja there, or"
                    + " choose an instruction-tuned base model.");
        }
        return new ChatTemplate(where, source, templates.getOrDefault("tool_use", source), SpecialTokens.read(modelDir)
                .names(), Clock.systemDefaultZone());
    }

    /**
     * Reads a template from its text.
     *
     * @param specialTokens what {@code bos_token}, {@code eos_token} and the like stand for
     * @throws TextException where it cannot be understood
     */
    public static ChatTemplate parse(String source, Map<String, String> specialTokens) {
        return parse(source, specialTokens, Clock.systemDefaultZone());
    }

    static ChatTemplate parse(String source, Map<String, String> specialTokens, Clock clock) {
        return new ChatTemplate("the chat template", source, source, specialTokens, clock);
    }

    /** The text of the template itself. */
    public String source() {
        return source;
    }

    /** The text of the template for conversations with tools; the same where there is only one. */
    public String toolSource() {
        return toolSource;
    }

    /**
     * The text of a conversation.
     *
     * @param addGenerationPrompt whether the text ends with what invites the assistant to speak
     * @throws TextException where the template refuses the conversation or fails on it
     */
    public String render(Conversation conversation, boolean addGenerationPrompt) {
        return rendering(conversation, addGenerationPrompt).text();
    }

    /** The text, and which stretches of it the template marks as the assistant's own. */
    Rendering rendering(Conversation conversation, boolean addGenerationPrompt) {
        var program = conversation.tools().isEmpty() ? main : withTools;
        try {
            return rendering(program.statements(), program.messages(), conversation, addGenerationPrompt);
        } catch (TemplateError e) {
            String place = where + (e.line() > 0 ? ", line " + e.line() : "");
            throw new TextException(e.isRaisedByTemplate()
                    ? "The chat template refuses this conversation: " + e.getMessage() + " (" + place + ")"
                    : "The chat template fails on this conversation (" + place + "): " + e.getMessage());
        }
    }

    private Rendering rendering(List<Statement> statements, TemplateMessages style, Conversation conversation,
            boolean addGenerationPrompt) {
        var variables = new LinkedHashMap<String, Object>(specialTokens);
        variables.put("messages", style.of(conversation.messages()));
        variables.put("tools", conversation.tools().isEmpty() ? Python.NONE : Python.value(conversation.tools()));
        variables.put("documents", Python.NONE);
        variables.put("add_generation_prompt", addGenerationPrompt);
        return TemplateInterpreter.render(statements, variables, clock);
    }

    private Program program(String source) {
        List<Statement> statements;
        try {
            statements = TemplateParser.parse(source);
        } catch (TemplateError e) {
            throw new TextException(where + ", line " + e.line() + ": " + e.getMessage()
                    + "; Attune cannot use this chat template as it is, so change that line.");
        } catch (StackOverflowError e) {
            throw new TextException(where + " is nested too deeply to be read; write it more simply.");
        }
        boolean developer = source.contains("developer");
        var style = new TemplateMessages(developer, true, false);
        if (source.contains("tool_calls")) {
            for (var candidate : List.of(style, new TemplateMessages(developer, true, true), new TemplateMessages(
                    developer, false, false), new TemplateMessages(developer, false, true))) {
                if (showsTrialCall(statements, candidate)) {
                    return new Program(statements, candidate);
                }
            }
        }
        return new Program(statements, style);
    }

    /** Whether a tool call comes out with its name and its arguments, neither escaped twice nor in Python's notation. */
    private boolean showsTrialCall(List<Statement> statements, TemplateMessages style) {
        var trial = new Conversation(List.of(new Message.User("?"), new Message.Assistant("", List.of(TRIAL_CALL), 1)),
                List.of(TRIAL_TOOL));
        try {
            String text = rendering(statements, style, trial, false).text();
            int call = text.indexOf("trial_key");
            return call >= 0 && text.contains("trial_value") && text.contains(TRIAL_CALL.name())
                    && !text.contains("\\\"trial_key") && !text.contains("'trial_key'");
        } catch (TemplateError e) {
            return false;
        }
    }
}
