package dev.attune.cli;

import dev.attune.engine.hub.HubEndpoint;
import dev.attune.engine.hub.ModelPull;
import dev.attune.engine.train.MemoryEstimate;
import dev.attune.engine.train.ModelCheck;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code attune models pull}: a base model from a hub. */
@Command(name = "pull", mixinStandardHelpOptions = true, description = "Fetches a base model from a Hugging Face compatible hub, only the files that it takes, and checks it. Asked again, it goes on where it ended.", footer = {
        "%nThe hub is $HF_ENDPOINT (default: https://huggingface.co); gated and private models need $HF_TOKEN.",
        "%nExamples:", "  attune models pull HuggingFaceTB/SmolLM2-135M-Instruct",
        "  attune models pull Qwen/Qwen3-0.6B --revision main --out /data/models/qwen3"})
final class PullCommand implements Callable<Integer> {
    private static final long STEP = 64L << 20;

    @Parameters(paramLabel = "ORG/NAME", description = "The model as the hub names it.")
    String model = "";
    @Option(names = "--revision", paramLabel = "R", defaultValue = "main", description = "A branch, a tag or a commit (default: main).")
    String revision = "main";
    @Option(names = "--out", paramLabel = "DIR", description = "Where to, a new folder (default: models/NAME in the home, where 'attune serve' finds it).")
    Path out = Path.of("");
    @Option(names = "--home", paramLabel = "DIR", defaultValue = "", description = "The home (default: $ATTUNE_HOME or ~/.attune).")
    String home = "";

    @Override
    public Integer call() {
        var pull = new ModelPull(HubEndpoint.of(System.getenv()), model, revision);
        String name = model.substring(model.lastIndexOf('/') + 1);
        Path folder = out.toString().isEmpty() ? Folders.home(home).resolve("models").resolve(name) : out;
        Screen screen = Screen.standardOutput();
        String commit = pull.into(folder, new Shown(screen));
        screen.wipe();
        screen.line(screen.paint(Style.GREEN, "✓") + " " + model + " (" + (commit.isEmpty() ? revision : commit)
                + ") is in " + Folders.shown(folder));
        ModelCheck check = ModelCheck.of(folder, MemoryEstimate.machineBytes());
        ModelCheckView.print(check, screen);
        return check.passes() ? 0 : CommandException.FAILED;
    }

    /** Shows how far it is: on a terminal all the time, elsewhere every 64 MiB and at each file. */
    private static final class Shown implements ModelPull.Progress {
        private final Screen screen;
        private final AtomicReference<String> file = new AtomicReference<>("");
        private long told;

        Shown(Screen screen) {
            this.screen = screen;
        }

        @Override
        public void bytes(String name, long done, long total) {
            String line = Words.count(done >> 20) + " of " + Words.count(total >> 20) + " MiB  " + name;
            boolean next = !name.equals(file.getAndSet(name));
            if (screen.isLive()) {
                screen.update(line);
            } else if (next || done - told >= STEP) {
                told = done;
                screen.line(line);
            }
        }
    }
}
