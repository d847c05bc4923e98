package dev.attune.cli;

import dev.attune.server.access.Key;
import dev.attune.server.access.ServerKeys;
import dev.attune.server.protocol.KeyRole;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code attune keys}: the API keys of a home, made and revoked beside a running server. */
@Command(name = "keys", mixinStandardHelpOptions = true, header = "Makes, lists and revokes API keys.", sortOptions = false, description = {
        "Makes, lists and revokes the keys of a server's home. As soon as there is one, every request needs one.",
        "A running server takes notice at once."}, footer = {"%nExamples:",
                "  attune keys create ci --role train --organization acme",
                "  attune keys list", "  attune keys revoke key_…"})
final class KeysCommand implements Runnable {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm")
            .withZone(ZoneId.systemDefault());

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to do: create, list or revoke");
    }

    @Command(name = "create", mixinStandardHelpOptions = true, description = "Makes a key and prints it, once.")
    int create(@Parameters(paramLabel = "NAME", description = "What it is for.") String name,
            @Option(names = "--role", paramLabel = "ROLE", defaultValue = "use", description = "use: ask models; train: also files, jobs and models; admin: also keys (default: use).") String role,
            @Option(names = "--organization", paramLabel = "NAME", defaultValue = "", description = "Whose files, jobs and models it reaches (default: those of all).") String organization,
            @Option(names = "--home", paramLabel = "DIR", defaultValue = "", description = "The server's home (default: $ATTUNE_HOME or ~/.attune).") String home) {
        KeyRole wanted = KeyRole.of(role).orElseThrow(() -> new CommandException(
                "--role is \"" + role + "\": give use, train or admin", CommandException.USAGE));
        Screen screen = Screen.standardOutput();
        try (var keys = ServerKeys.open(Folders.home(home))) {
            ServerKeys.NewKey made = keys.create(name, organization, wanted);
            screen.line(made.secret());
            System.err.println("This is the only time that it is shown; " + made.key().id()
                    + " is what it is revoked by.");
        }
        return 0;
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "Lists keys, without what is sent.")
    int list(
            @Option(names = "--home", paramLabel = "DIR", defaultValue = "", description = "The server's home.") String home) {
        Screen screen = Screen.standardOutput();
        var table = new TextTable("id", "name", "organization", "role", "key", "created", "revoked");
        try (var keys = ServerKeys.open(Folders.home(home))) {
            for (Key key : keys.all()) {
                table.row(key.id(), key.name(), key.organization().isEmpty() ? "all" : key.organization(),
                        key.role().wire(), key.shown(), TIME.format(Instant.ofEpochSecond(key.createdAt())),
                        key.revokedAt() == null ? "–" : TIME.format(Instant.ofEpochSecond(key.revokedAt())));
            }
        }
        table.print(screen);
        return 0;
    }

    @Command(name = "revoke", mixinStandardHelpOptions = true, description = "Revokes a key at once.")
    int revoke(@Parameters(paramLabel = "ID") String id,
            @Option(names = "--home", paramLabel = "DIR", defaultValue = "", description = "The server's home.") String home) {
        try (var keys = ServerKeys.open(Folders.home(home))) {
            Key key = keys.revoke(id).orElseThrow(() -> new CommandException(
                    "there is no key " + id + " that is in use; 'attune keys list' shows them"));
            Screen.standardOutput().line("revoked " + key.id() + " (" + key.name() + ")");
        }
        return 0;
    }
}
