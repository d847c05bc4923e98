package dev.attune.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.attune.e2e.Attune.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first command of the README: what it prints, what it leaves, and that what it says to paste works. */
class QuickstartIT {
    private static final Pattern EXACT = Pattern.compile("(?m)^ *exact +([0-9.]+) % .*? ([0-9.]+) % ");

    @Test
    void quickstartTunesMeasuresAndSaysHowToGoOn(@TempDir Path folder) throws IOException {
        assumeTrue(Files.isRegularFile(Attune.ROOT.resolve("models/attune-nano/model.safetensors")),
                "no bundled model");
        Path home = folder.resolve("home");

        Outcome outcome = Attune.run(Map.of(), folder, Duration.ofMinutes(15), "quickstart", "--home", home.toString());

        assertThat(outcome.code()).as(outcome.out() + outcome.err()).isZero();
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out()).contains("1/6 Check the data", "2/6 Split it", "held out for the test",
                "3/6 Upload", "4/6 Tune", "5/6 Ask", "6/6 Report", "Base against tuned", "Side by side", "# serve it",
                "# curl it",
                "# use it from an SDK");
        Matcher exact = EXACT.matcher(outcome.out());
        assertThat(exact.find()).as(outcome.out()).isTrue();
        assertThat(Double.parseDouble(exact.group(1))).as("the base model's exact match").isLessThanOrEqualTo(10);
        assertThat(Double.parseDouble(exact.group(2))).as("the tuned model's exact match").isGreaterThanOrEqualTo(80);
        String report = Files.readString(home.resolve("runs/support-tickets/report.html"));
        assertThat(report).contains("attune-nano", "<svg").doesNotContain("src=\"http", "href=\"http://", "cdn");
        whatIsToBePastedWorks(folder, outcome.out());
    }

    /** Serves as printed, on a port of our own, and curls as printed. */
    private static void whatIsToBePastedWorks(Path folder, String said) {
        List<String> lines = said.lines().toList();
        String serve = lines.get(lines.indexOf("# serve it") + 1).replace("--port 8080", "--port 0");
        String curl = lines.get(lines.indexOf("# curl it") + 1);
        String script = "exec 3< <(exec " + serve + "); server=$!; read -r ready <&3; url=${ready##* }\n"
                + curl.replace("http://127.0.0.1:8080/v1", "$url").replaceFirst("curl -s ([^ ]+)", "curl -s \"$1\"")
                + "\nkill $server\n";
        Outcome answered = Attune.finish(Attune.builder(List.of("bash", "-c", script), Map.of(), folder),
                Duration.ofMinutes(2));
        assertThat(answered.out()).as(script + answered.err()).contains("\"chat.completion\"").contains("\"content\"");
    }
}
