package dev.attune.cli;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The {@code attune} command: its sub-commands, its exit codes, and how a failure is told. */
@Command(name = "attune", mixinStandardHelpOptions = true, versionProvider = VersionCommand.Versions.class, synopsisSubcommandLabel = "COMMAND", headerHeading = "%n", header = "The OpenAI fine-tuning API on a machine of your own: examples in, a tuned and measured model out.", description = {
        "%nStart here:", "  attune quickstart                    the whole job on real examples, in about two minutes",
        "%nThen with your own data:",
        "  attune check tickets.jsonl           what is in the file, what is wrong with it, what it costs",
        "  attune prepare dump.csv --out data   makes files to train on out of files as people have them",
        "  attune run recipe.yaml               check, split, tune, measure, report",
        "  attune compare A B --data test.jsonl two models on the same questions; attune eval decides",
        "%nOr by hand, as with any OpenAI server:",
        "  attune serve --port 8080 --home ~/.attune",
        "  export OPENAI_BASE_URL=http://127.0.0.1:8080/v1 OPENAI_API_KEY=any",
        "  attune tune --train train.jsonl --model attune-nano --watch",
        "  attune chat ft:attune-nano:attune::a1b2c3d4%n"}, commandListHeading = "%nCommands (each has --help with examples):%n", footer = {
                "%nExit codes: 0 done, 1 the work failed or problems were found, 2 wrong usage, 130 stopped with Ctrl-C.",
                "Environment: OPENAI_BASE_URL, OPENAI_API_KEY, ATTUNE_HOME (~/.attune), NO_COLOR, ATTUNE_DEBUG=1."}, subcommands = {
                        QuickstartCommand.class, CheckCommand.class, PrepareCommand.class, CountCommand.class,
                        RunCommand.class, EvalCommand.class, CompareCommand.class, ServeCommand.class,
                        KeysCommand.class, DoctorCommand.class,
                        BackupCommand.class, RestoreCommand.class,
                        TuneCommand.class, JobsCommand.class, ModelsCommand.class, ChatCommand.class,
                        PretrainCommand.class, TrainWorkerCommand.class, VersionCommand.class})
public final class AttuneCommand implements Runnable {
    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Print stack traces as well as sentences.")
    boolean debug;

    @CommandLine.Spec
    CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    /** Runs the command of the line and ends the process with its exit code. */
    public static void main(String[] args) {
        System.setOut(new PrintStream(System.out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(System.err, true, StandardCharsets.UTF_8));
        if (System.getProperty("logback.configurationFile") == null) {
            System.setProperty("logback.configurationFile", "logback-quiet.xml");
        }
        System.exit(commandLine().execute(args));
    }

    /** The parser with all commands; it never ends the process. */
    static CommandLine commandLine() {
        var root = new AttuneCommand();
        var line = new CommandLine(root);
        line.setUsageHelpAutoWidth(true).setUsageHelpLongOptionsMaxWidth(36).setCaseInsensitiveEnumValuesAllowed(true)
                .setAbbreviatedOptionsAllowed(false)
                .setExecutionExceptionHandler((problem, command, parsed) -> tell(problem, root.debugging()))
                .setParameterExceptionHandler((problem, args) -> wrongUsage(problem, root.debugging()));
        return line;
    }

    @Override
    public void run() {
        spec.commandLine().usage(System.out);
    }

    private boolean debugging() {
        return debug || !System.getenv().getOrDefault("ATTUNE_DEBUG", "").isEmpty();
    }

    /** Writes the sentence to standard error and says what the process ends with. */
    static int tell(Throwable problem, boolean debug) {
        System.out.flush();
        System.err.println("attune: " + Sentence.of(problem));
        for (String further : Sentence.problems(problem)) {
            System.err.println("  " + further);
        }
        if (debug) {
            problem.printStackTrace();
        }
        return Sentence.exitCode(problem);
    }

    private static int wrongUsage(CommandLine.ParameterException problem, boolean debug) {
        String command = problem.getCommandLine().getCommandSpec().qualifiedName();
        List<String> near = CommandLine.UnmatchedArgumentException.class.isInstance(problem)
                ? ((CommandLine.UnmatchedArgumentException) problem).getSuggestions()
                : List.of();
        String hint = near.isEmpty() ? "" : " (did you mean " + String.join(" or ", near) + "?)";
        String said = Words.oneLine(String.valueOf(problem.getMessage())).strip();
        System.err.println("attune: " + said + hint + "; see '" + command + " --help'.");
        if (debug) {
            problem.printStackTrace();
        }
        return CommandException.USAGE;
    }
}
