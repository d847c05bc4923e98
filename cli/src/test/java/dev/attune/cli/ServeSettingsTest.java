package dev.attune.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ServeSettingsTest {
    @TempDir
    private Path home;

    private ServeCommand serve(Map<String, String> environment, String... flags) {
        var command = new ServeCommand();
        var arguments = new java.util.ArrayList<>(java.util.List.of(flags));
        arguments.add("--home=" + home);
        new CommandLine(command).parseArgs(arguments.toArray(String[]::new));
        return command.withSettings(environment);
    }

    @Test
    void withoutAnythingAllIsAsItIsDocumented() {
        ServeCommand serve = serve(Map.of());

        assertThat(serve.port).isEqualTo(8080);
        assertThat(serve.host).isEqualTo("127.0.0.1");
        assertThat(serve.organization).isEqualTo("attune");
        assertThat(serve.models).isEmpty();
        assertThat(serve.map).isEmpty();
        assertThat(serve.limits.limits()).isEqualTo(dev.attune.server.operating.ServerLimits.DEFAULT);
    }

    @Test
    void everySettingIsReadFromTheFile() throws Exception {
        Files.writeString(home.resolve("attune.yaml"), """
                port: 9000
                host: 0.0.0.0
                models: [/a, /b]
                organization: acme
                map: {gpt-4o-mini-2024-07-18: attune-nano, gpt-4o: other}
                webhook: https://example.com/hook
                fixtures: true
                tls-cert: /cert.pem
                tls-key: /key.pem
                requests-per-minute: 60
                queue: 5
                connections: 6
                header-bytes: 7000
                idle-seconds: 8
                header-seconds: 9
                stop-seconds: 10
                stored-days: 11
                """);
        ServeCommand serve = serve(Map.of());

        assertThat(serve.port).isEqualTo(9000);
        assertThat(serve.host).isEqualTo("0.0.0.0");
        assertThat(serve.models).containsExactly(Path.of("/a"), Path.of("/b"));
        assertThat(serve.organization).isEqualTo("acme");
        assertThat(serve.map).containsExactlyInAnyOrderEntriesOf(
                Map.of("gpt-4o-mini-2024-07-18", "attune-nano", "gpt-4o", "other"));
        assertThat(serve.webhook).isEqualTo("https://example.com/hook");
        assertThat(serve.fixtures).isTrue();
        assertThat(serve.tlsCert).isEqualTo("/cert.pem");
        assertThat(serve.tlsKey).isEqualTo("/key.pem");
        var limits = serve.limits.limits();
        assertThat(limits.requestsPerMinute()).isEqualTo(60);
        assertThat(limits.queue()).isEqualTo(5);
        assertThat(limits.connections()).isEqualTo(6);
        assertThat(limits.headerBytes()).isEqualTo(7000);
        assertThat(limits.idle()).hasSeconds(8);
        assertThat(limits.header()).hasSeconds(9);
        assertThat(limits.stop()).hasSeconds(10);
        assertThat(limits.storedFor()).hasDays(11);
    }

    @Test
    void aFlagGoesBeforeAVariable_andAVariableBeforeTheFile() throws Exception {
        Files.writeString(home.resolve("attune.yaml"), "port: 1\nqueue: 1\nstored-days: 1\n");
        ServeCommand serve = serve(Map.of("ATTUNE_PORT", "2", "ATTUNE_QUEUE", "2", "ATTUNE_MODELS", "/a,/b"), "--port",
                "3");

        assertThat(serve.port).isEqualTo(3);
        assertThat(serve.limits.limits().queue()).isEqualTo(2);
        assertThat(serve.limits.limits().storedFor()).hasDays(1);
        assertThat(serve.models).hasSize(2);
    }

    @Test
    void whatIsNoSettingIsRefusedByName_allAtOnce() throws Exception {
        Files.writeString(home.resolve("attune.yaml"), "prot: 1\nport: 9000\nhome: /x\n");

        assertThatThrownBy(() -> serve(Map.of("ATTUNE_QEUE", "5", "ATTUNE_HOME", "/x", "OTHER", "y")))
                .isInstanceOf(CommandException.class).hasMessageContaining("\"prot\"").hasMessageContaining("\"home\"")
                .hasMessageContaining("ATTUNE_QEUE").hasMessageContaining("port, queue")
                .hasMessageNotContaining("OTHER");
    }

    @Test
    void whatCannotBeReadIsNamed() throws Exception {
        Files.writeString(home.resolve("attune.yaml"), "port: many\n");
        assertThatThrownBy(() -> serve(Map.of())).isInstanceOf(CommandException.class)
                .hasMessageContaining("--port").hasMessageContaining("many").hasMessageContaining("attune.yaml");
        Files.writeString(home.resolve("attune.yaml"), "port: [\n");
        assertThatThrownBy(() -> serve(Map.of())).isInstanceOf(CommandException.class)
                .hasMessageContaining("cannot be read");
        Files.writeString(home.resolve("attune.yaml"), "- port\n");
        assertThatThrownBy(() -> serve(Map.of())).isInstanceOf(CommandException.class)
                .hasMessageContaining("names and values");
        assertThatThrownBy(() -> serve(Map.of(), "--config", "/nowhere.yaml")).isInstanceOf(CommandException.class)
                .hasMessageContaining("not a file");
    }

    @Test
    void everySettingIsInTheGuide() throws Exception {
        String guide = Files.readString(Path.of("..", "docs", "serving.md"));
        Set<String> names = new TreeSet<>(new CommandLine(new ServeCommand()).getCommandSpec().options().stream()
                .map(option -> option.longestName()).collect(Collectors.toSet()));
        names.removeAll(Set.of("--help", "--version", "--debug"));

        assertThat(names).allSatisfy(name -> assertThat(guide).contains("`" + name.substring(2) + "`"));
    }
}
