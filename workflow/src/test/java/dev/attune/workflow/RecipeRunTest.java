package dev.attune.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.workflow.FakeOpenAi.Fault;
import dev.attune.workflow.RunEvent.JobStarted;
import dev.attune.workflow.RunEvent.StepFinished;
import dev.attune.workflow.RunEvent.StepOutdated;
import dev.attune.workflow.RunEvent.StepReused;
import dev.attune.workflow.RunEvent.StepStarted;
import dev.attune.workflow.WorkflowException.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class RecipeRunTest {
    private static final Pause NO_PAUSE = time -> {};

    /** Stands for a process that ends at once: nothing of the run's own code runs after it. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    @TempDir
    Path folder;
    private FakeOpenAi server;
    private final List<RunEvent> heard = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        startServer();
        Files.writeString(folder.resolve("train.jsonl"), rows());
        write("");
    }

    private void startServer() throws IOException {
        server = new FakeOpenAi();
        server.answers = (model, request) -> {
            String question = request.path("messages").path(1).path("content").asString();
            boolean knows = model.startsWith("ft:") && !question.contains("zebra");
            return knows ? answer(question) : "I am only a base model";
        };
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static String answer(String question) {
        return "{\"subject\":\"" + question.split(" ")[2] + "\"}";
    }

    private static String rows() {
        String[] subjects = {"apple", "zebra", "bridge", "castle", "dolphin", "engine", "falcon", "guitar", "harbor",
                "island", "jungle",
                "kettle", "lantern", "magnet", "needle", "orchid", "pepper", "quartz", "rocket", "saddle", "tunnel",
                "umbrella", "violin",
                "window", "yogurt", "anchor", "basket", "candle", "desert", "emerald"};
        String[] rests = {"is broken since tuesday and nobody came",
                "arrived late although I paid for express delivery",
                "costs more than your page said last week"};
        var lines = new StringBuilder();
        for (int i = 0; i < subjects.length; i++) {
            String question = "My new " + subjects[i] + " " + rests[i % 3] + " "
                    + subjects[(i * 7 + 3) % subjects.length];
            lines.append(
                    "{\"messages\":[{\"role\":\"system\",\"content\":\"Say the subject as JSON.\"},{\"role\":\"user\",\"content\":\"")
                    .append(question).append("\"},{\"role\":\"assistant\",\"content\":\"")
                    .append(answer(question).replace("\"", "\\\"")).append("\"}]}\n");
        }
        return lines.toString();
    }

    private Recipe write(String more) throws IOException {
        return Recipe.read(Files.writeString(folder.resolve("recipe.yaml"), """
                name: subjects
                base: tiny
                data: { train: train.jsonl, split: { validation: 0.1, test: 0.3 }, seed: 3 }
                evaluate: { scorers: [exact, json_fields] }
                """ + more));
    }

    private Path state() {
        return folder.resolve("state");
    }

    private RunResult run(RunListener also) {
        heard.clear();
        var client = server.client();
        try {
            return new RecipeRun(Recipe.read(folder.resolve("recipe.yaml")), state(), client, List.of(), event -> {
                heard.add(event);
                also.on(event);
            }, NO_PAUSE).run();
        } finally {
            client.close();
        }
    }

    private RunResult run() {
        return run(event -> {});
    }

    private List<RunStep> steps(Class<? extends RunEvent> type) {
        return heard.stream().filter(type::isInstance).map(event -> switch (event) {
            case StepStarted e -> e.step();
            case StepFinished e -> e.step();
            case StepReused e -> e.step();
            case StepOutdated e -> e.step();
            default -> throw new IllegalArgumentException(type.getName());
        }).toList();
    }

    @Test
    void aRunGoesFromCheckToReportThroughTheWireAlone() throws IOException {
        RunResult result = run();
        assertThat(steps(StepFinished.class)).containsExactly(RunStep.values());
        assertThat(server.uploads).containsOnlyKeys("train.jsonl", "validation.jsonl")
                .allSatisfy((name, times) -> assertThat(times).isOne());
        assertThat(server.creates).hasSize(1);
        JsonNode create = server.creates.getFirst();
        assertThat(create.path("model").asString()).isEqualTo("tiny");
        assertThat(create.path("suffix").asString()).isEqualTo("subjects");
        assertThat(create.path("seed").asInt()).isEqualTo(3);
        assertThat(create.at("/method/supervised/hyperparameters/n_epochs").asString()).isEqualTo("auto");
        assertThat(create.at("/metadata/attune_run").asString()).hasSize(36);
        assertThat(result.tunedModel()).startsWith("ft:tiny:org:tuned:");
        assertThat(result.scores()).extracting(s -> s.scorer()).containsExactly("exact", "json_fields");
        int n = result.scores().getFirst().n();
        assertThat(n).isBetween(8, 10);
        assertThat(server.chats).hasSize(2 * n).allSatisfy(chat -> {
            assertThat(chat.path("temperature").asDouble()).isZero();
            assertThat(chat.path("max_completion_tokens").asInt()).isBetween(16, 100);
            assertThat(chat.path("messages")).hasSize(2);
        });
        assertThat(result.scores().getFirst().base().estimate()).isZero();
        assertThat(result.scores().getFirst().tuned().estimate()).isGreaterThan(0.8);
        assertThat(result.examples()).hasSize(3);
        assertThat(result.report()).isRegularFile().content().contains(result.tunedModel(), result.jobId());
        JsonNode json = FakeOpenAi.JSON.readTree(Files.readString(result.reportJson()));
        assertThat(json.at("/scores/0/n").asInt()).isEqualTo(n);
        assertThat(json.path("curve")).hasSize(3);
        assertThat(json.at("/lineage/n epochs").asString()).isEqualTo("3");
    }

    @Test
    void aGateDecidesAndAStoppedOrRepeatedRunDecidesTheSame() throws IOException {
        Files.writeString(folder.resolve("recipe.yaml"), Files.readString(folder.resolve("recipe.yaml"))
                + "\ngate: { target: { scorer: exact, superior_by: 0 }, latency: { p95_seconds: 600 } }\n");
        RunResult result = run();
        assertThat(result.decision().checks()).extracting(check -> check.rule() + " " + check.verdict())
                .containsExactly("target PASSED", "errors PASSED", "latency PASSED");
        assertThat(result.scores()).extracting(s -> s.scorer()).containsExactly("exact", "json_fields");
        assertThat(result.examples()).hasSize(3);
        assertThat(result.report().resolveSibling("report-evaluation.html")).content().contains("Gate: ", "passed");
        int asked = server.chats.size();
        assertThat(run()).isEqualTo(result);
        assertThat(server.chats).hasSize(asked);
        Files.writeString(folder.resolve("recipe.yaml"),
                Files.readString(folder.resolve("recipe.yaml")).replace("superior_by: 0", "at_least: 1"));
        assertThat(run().decision().verdict()).isEqualTo(dev.attune.evals.decide.Decision.Verdict.REFUSED);
        assertThat(server.chats).as("deciding anew asks nothing").hasSize(asked);
    }

    @Test
    void aSecondRunDoesNothingAgainAndSaysTheSame() {
        RunResult first = run();
        int asked = server.chats.size();
        RunResult second = run();
        assertThat(second).isEqualTo(first);
        assertThat(steps(StepReused.class)).containsExactly(RunStep.CHECK, RunStep.SPLIT, RunStep.UPLOAD, RunStep.TUNE,
                RunStep.EVALUATE);
        assertThat(server.creates).hasSize(1);
        assertThat(server.chats).hasSize(asked);
    }

    @Test
    void killedAtAnyEvent_goesOnToTheSameResultWithOneJobAndAsksAgainOnlyWhatWasUnderWay() throws IOException {
        Files.writeString(folder.resolve("recipe.yaml"), Files.readString(folder.resolve("recipe.yaml"))
                .replace("json_fields]", "json_fields], max_rows: 6"));
        RunResult whole = run();
        int events = heard.size();
        String report = normal(Files.readString(whole.reportJson()), whole);
        for (int kill = 0; kill < events; kill++) {
            stop();
            startServer();
            deleteState();
            int at = kill;
            var count = new AtomicInteger();
            assertThatThrownBy(() -> run(event -> {
                if (count.getAndIncrement() == at) {
                    throw new Killed();
                }
            })).as("event %d", kill).isInstanceOf(Killed.class);
            RunResult result = run();
            assertThat(normal(Files.readString(result.reportJson()), result)).as("killed at event %d", kill)
                    .isEqualTo(report);
            assertThat(server.creates).as("killed at event %d", kill).hasSize(1);
            assertThat(new LinkedHashSet<>(server.chats)).as("killed at event %d", kill)
                    .hasSizeGreaterThanOrEqualTo(server.chats.size() - Evaluation.AT_ONCE);
        }
    }

    /** A report without what differs between two servers: ids, times, and the order of random ids. */
    private static String normal(String json, RunResult result) {
        JsonNode tree = FakeOpenAi.JSON.readTree(json);
        ((tools.jackson.databind.node.ObjectNode) tree).remove(List.of("seconds", "finished_at"));
        return tree.toString().replace(result.tunedModel(), "TUNED").replace(result.jobId(), "JOB");
    }

    private void deleteState() throws IOException {
        if (Files.exists(state())) {
            try (var files = Files.walk(state())) {
                for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    @Test
    void aJobWhoseAnswerGotLostIsFoundAndNotStartedTwice() {
        for (boolean filters : List.of(true, false)) {
            server.filters = filters;
            server.addJob("ftjob-foreign-" + filters, "running");
            var dead = new AtomicInteger();
            server.faults = request -> request.equals("POST /fine_tuning/jobs") && dead.getAndIncrement() == 0
                    ? Fault.LOST_AFTER
                    : Fault.NONE;
            RunResult result = run();
            assertThat(server.creates).hasSize(1);
            assertThat(server.jobs).containsKey(result.jobId());
            server.creates.clear();
            try {
                deleteState();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }

    @Test
    void aServerThatDiesRightAfterMakingTheJob_theNextRunTakesThatJobUp() {
        var created = new AtomicInteger();
        server.faults = request -> {
            if (request.equals("POST /fine_tuning/jobs") && created.getAndIncrement() == 0) {
                return Fault.LOST_AFTER;
            }
            return created.get() > 0 ? Fault.LOST_BEFORE : Fault.NONE;
        };
        assertThatThrownBy(this::run).isInstanceOfSatisfying(WorkflowException.class,
                e -> assertThat(e.code()).isEqualTo(Code.UNREACHABLE));
        server.faults = request -> Fault.NONE;
        RunResult result = run();
        assertThat(server.creates).hasSize(1);
        assertThat(heard).filteredOn(JobStarted.class::isInstance).singleElement()
                .isEqualTo(new JobStarted(
                        ((JobStarted) heard.stream().filter(JobStarted.class::isInstance).findFirst().orElseThrow())
                                .job(),
                        true));
        assertThat(server.jobs).containsOnlyKeys(result.jobId());
    }

    @Test
    void aChangedHyperparameterTunesAgainAndSaysWhy() throws IOException {
        RunResult first = run();
        write("tune: { epochs: 2 }\n");
        RunResult second = run();
        assertThat(second.jobId()).isNotEqualTo(first.jobId());
        assertThat(steps(StepReused.class)).containsExactly(RunStep.SPLIT, RunStep.UPLOAD);
        assertThat(heard).contains(
                new StepOutdated(RunStep.TUNE, "What it was made from changed: tune.epochs is 2 and was auto."));
        assertThat(server.creates).hasSize(2);
        long baseQuestions = server.chats.stream().filter(chat -> chat.path("model").asString().equals("tiny")).count();
        assertThat(baseQuestions).as("the base model is not asked again").isEqualTo(first.scores().getFirst().n());
    }

    @Test
    void anotherScorerAsksNothingAgain() throws IOException {
        run();
        int asked = server.chats.size();
        Files.writeString(folder.resolve("recipe.yaml"), Files.readString(folder.resolve("recipe.yaml"))
                .replace("[exact, json_fields]", "[contains]"));
        RunResult result = run();
        assertThat(server.chats).hasSize(asked);
        assertThat(result.scores()).singleElement().satisfies(s -> assertThat(s.scorer()).isEqualTo("contains"));
        assertThat(steps(StepOutdated.class)).containsExactly(RunStep.EVALUATE);
    }

    @Test
    void aChangedRowDoesAllAgainAndCancelsTheJobThatStillRuns() throws IOException {
        assertThatThrownBy(() -> run(event -> {
            if (event instanceof JobStarted) {
                throw new Killed();
            }
        })).isInstanceOf(Killed.class);
        String orphan = server.jobs.keySet().iterator().next();
        Files.writeString(folder.resolve("train.jsonl"),
                "{\"messages\":[{\"role\":\"system\",\"content\":\"Say the subject as JSON.\"},{\"role\":\"user\",\"content\":\"One more thing\"},{\"role\":\"assistant\",\"content\":\"{}\"}]}\n",
                StandardOpenOption.APPEND);
        RunResult result = run();
        assertThat(steps(StepOutdated.class)).startsWith(RunStep.CHECK, RunStep.SPLIT, RunStep.UPLOAD, RunStep.TUNE);
        assertThat(server.jobs.get(orphan).json.path("status").asString()).isEqualTo("cancelled");
        assertThat(result.jobId()).isNotEqualTo(orphan);
    }

    @Test
    void aServerThatForgotEverythingIsGivenEverythingAgain() throws IOException {
        run();
        stop();
        startServer();
        RunResult result = run();
        assertThat(steps(StepReused.class)).containsExactly(RunStep.CHECK, RunStep.SPLIT);
        assertThat(server.jobs).containsOnlyKeys(result.jobId());
    }

    @Test
    void aFailedJobEndsTheRunWithItsReasonAndTheNextRunStartsANewOne() {
        server.ending = "failed";
        assertThatThrownBy(this::run).isInstanceOfSatisfying(WorkflowException.class, e -> {
            assertThat(e.code()).isEqualTo(Code.JOB_FAILED);
            assertThat(e.getMessage())
                    .matches("Job ftjob-\\d+ failed: The disk is full; mend that and run again to start a new one\\.");
        });
        server.ending = "cancelled";
        assertThatThrownBy(this::run).isInstanceOfSatisfying(WorkflowException.class,
                e -> assertThat(e.code()).isEqualTo(Code.JOB_CANCELLED));
        server.ending = "succeeded";
        run();
        assertThat(server.creates).hasSize(3);
    }

    @Test
    void badDataStopsBeforeAnythingIsSent() throws IOException {
        Files.writeString(folder.resolve("train.jsonl"), rows() + "{\"messages\":[{\"role\":\"user\"\n{}\n");
        assertThatThrownBy(this::run).isInstanceOfSatisfying(WorkflowException.class, e -> {
            assertThat(e.code()).isEqualTo(Code.DATA_INVALID);
            assertThat(e.problems()).hasSizeGreaterThanOrEqualTo(2).anyMatch(p -> p.contains("line 31"))
                    .anyMatch(p -> p.contains("line 32"));
        });
        assertThat(server.requests).isEmpty();
        assertThat(heard).anyMatch(RunEvent.Checked.class::isInstance);
    }

    @Test
    void anUnknownBaseModelIsSaidSoWithTheNearest() throws IOException {
        Files.writeString(folder.resolve("recipe.yaml"),
                Files.readString(folder.resolve("recipe.yaml")).replace("base: tiny", "base: tinny"));
        assertThatThrownBy(this::run).hasMessage("The server has no model 'tinny'; did you mean 'tiny'?");
        assertThat(server.uploads).isEmpty();
    }

    @Test
    void twoRunsInOneStateFolderAreKeptApart() throws Exception {
        try (Journal held = Journal.open(state())) {
            assertThat(held.entry(RunStep.CHECK)).isEmpty();
            assertThatThrownBy(this::run).hasMessageContaining("Another run is at work in " + state());
        }
    }

    @Test
    void anInterruptedRunSaysThatItCanGoOn() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(this::run).isInstanceOfSatisfying(WorkflowException.class, e -> {
            assertThat(e.code()).isEqualTo(Code.INTERRUPTED);
            assertThat(e).hasMessage("The run of subjects was stopped; the same command goes on from there.");
        });
        assertThat(Thread.interrupted()).isTrue();
        assertThat(run().scores()).hasSize(2);
    }

    @Test
    void interruptedAtAnyEventOfItsOwnThread_stopsAndGoesOn() {
        Thread own = Thread.currentThread();
        var kinds = new LinkedHashSet<Class<?>>();
        boolean done = false;
        while (!done) {
            try {
                run(event -> {
                    if (Thread.currentThread() == own && kinds.add(event.getClass())) {
                        own.interrupt();
                    }
                });
                done = true;
            } catch (WorkflowException e) {
                assertThat(e.code()).as("%s %s", e, kinds).isEqualTo(Code.INTERRUPTED);
                assertThat(Thread.interrupted()).as("the flag is kept for the caller").isTrue();
            }
        }
        Thread.interrupted();
        assertThat(kinds).contains(RunEvent.StepStarted.class, RunEvent.Checked.class, RunEvent.SplitMade.class,
                RunEvent.FileUploaded.class, JobStarted.class, RunEvent.JobProgress.class, RunEvent.Scored.class);
        assertThat(server.creates).hasSize(1);
    }

    @Test
    void aHostedModelIsCountedAndPricedAsOpenAiBillsIt() throws IOException {
        Files.writeString(folder.resolve("recipe.yaml"), Files.readString(folder.resolve("recipe.yaml"))
                .replace("base: tiny", "base: gpt-4o-mini-2024-07-18\nprovider: openai"));
        run();
        DataSummary summary = heard.stream().filter(RunEvent.Checked.class::isInstance)
                .map(e -> ((RunEvent.Checked) e).summary())
                .findFirst().orElseThrow();
        assertThat(summary.tokens()).isBetween(30 * 25L, 30 * 60L);
        assertThat(summary.estimates()).hasSize(2).last().asString().contains("USD");
    }

    @Test
    void filesOfOnesOwnAreTakenAsTheyAreAndLeaksAreNamed() throws IOException {
        Files.writeString(folder.resolve("test.jsonl"), rows().lines().limit(4).reduce("", (a, b) -> a + b + "\n"));
        Files.writeString(folder.resolve("recipe.yaml"), """
                name: subjects
                base: tiny
                data: { train: train.jsonl, test: test.jsonl, split: { validation: 0 } }
                evaluate: { max_rows: 3 }
                """);
        RunResult result = run();
        assertThat(result.scores().getFirst().n()).isEqualTo(3);
        assertThat(server.uploads).containsOnlyKeys("train.jsonl");
        assertThat(heard).filteredOn(RunEvent.SplitMade.class::isInstance).singleElement().satisfies(event -> {
            var split = (RunEvent.SplitMade) event;
            assertThat(split.train()).isEqualTo(30);
            assertThat(split.validation()).isZero();
            assertThat(split.test()).isEqualTo(4);
            assertThat(split.notes())
                    .anyMatch(note -> note.startsWith("4 of 4 test rows ask what a training row asks too"));
        });
        RunEvent.Checked checked = checked();
        assertThat(checked.leaks()).containsExactly(folder.resolve("test.jsonl")
                + " line 1: the row asks the same as line 1 of " + folder.resolve("train.jsonl")
                + ", so it measures what was learned by heart; remove one of the two; 4 rows of it are known in this way.");
        assertThat(checked.summary().notes()).startsWith(checked.leaks().getFirst());
        assertThat(checked.summary().warnings()).isGreaterThanOrEqualTo(4);
    }

    private RunEvent.Checked checked() {
        return heard.stream().filter(RunEvent.Checked.class::isInstance).map(RunEvent.Checked.class::cast).findFirst()
                .orElseThrow();
    }

    @Test
    void leaksAreLookedForBetweenAllFilesThatAreNamed() throws IOException {
        List<String> all = rows().lines().toList();
        Files.writeString(folder.resolve("train.jsonl"), String.join("\n", all.subList(0, 20)));
        Files.writeString(folder.resolve("valid.jsonl"), String.join("\n", all.subList(20, 26)));
        Files.writeString(folder.resolve("test.jsonl"), String.join("\n", all.subList(25, 30)));
        Files.writeString(folder.resolve("recipe.yaml"), """
                name: subjects
                base: tiny
                data: { train: train.jsonl, validation: valid.jsonl, test: test.jsonl }
                """);
        run();
        assertThat(checked().leaks()).last().isEqualTo(folder.resolve("test.jsonl")
                + " line 1: the row asks the same as line 6 of " + folder.resolve("valid.jsonl")
                + ", so it measures what was learned by heart; remove one of the two.");
    }

    @Test
    void rowsThatContradictEachOtherStopARunUnlessAllowed() throws IOException {
        String first = rows().lines().findFirst().orElseThrow();
        Files.writeString(folder.resolve("train.jsonl"), rows() + first.replace("apple\\\"}", "pear\\\"}") + "\n");
        assertThatThrownBy(this::run).isInstanceOf(WorkflowException.class)
                .hasMessageContaining("line 31: the row asks the same as line 1 and answers differently");
        Files.writeString(folder.resolve("recipe.yaml"), """
                name: subjects
                base: tiny
                data: { train: train.jsonl, split: { validation: 0.1, test: 0.3 }, seed: 3, allow: [contradiction] }
                """);
        run();
        assertThat(checked().summary().notes().getFirst()).contains("answers differently");
    }

    @Test
    void rowsOfOneGroupStayInOnePart() throws IOException {
        var lines = new ArrayList<String>();
        List<String> all = rows().lines().toList();
        for (int i = 0; i < all.size(); i++) {
            String row = all.get(i);
            lines.add(row.substring(0, row.length() - 1) + ",\"metadata\":{\"customer\":" + i / 3 + "}}");
        }
        Files.writeString(folder.resolve("train.jsonl"), String.join("\n", lines));
        Files.writeString(folder.resolve("recipe.yaml"), """
                name: subjects
                base: tiny
                data: { train: train.jsonl, group: customer }
                """);
        run();
        for (String part : List.of("train", "validation", "test")) {
            String text = Files.readString(state().resolve("data").resolve(part + ".jsonl"));
            for (int customer = 0; customer < 10; customer++) {
                assertThat(text.split("\"customer\":" + customer + "}", -1).length - 1).isIn(0, 3);
            }
        }
    }

    @Test
    void aModelFolderAtHandGivesExactTokensAndTheHashOfItsWeights() throws IOException {
        Path models = folder.resolve("models");
        Path tiny = Files.createDirectories(models.resolve("tiny"));
        try (var files = Files.list(Path.of("..", "fixtures", "tiny-chat"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, tiny.resolve(file.getFileName()));
            }
        }
        var client = server.client();
        RunResult result = new RecipeRun(Recipe.read(folder.resolve("recipe.yaml")), state(), client, List.of(models),
                heard::add, NO_PAUSE)
                .run();
        client.close();
        JsonNode json = FakeOpenAi.JSON.readTree(Files.readString(result.reportJson()));
        assertThat(json.at("/data/tokens").asInt()).isGreaterThan(30 * 20);
        assertThat(json.at("/data/trained_tokens").asInt()).isBetween(30 * 3, json.at("/data/tokens").asInt() / 2);
        assertThat(json.at("/lineage/base SHA-256 of model.safetensors").asString())
                .isEqualTo(Fingerprint.of(tiny.resolve("model.safetensors")));
    }

    @Test
    void aTornLastAnswerIsAskedAgainAndTheOthersAreNot() throws IOException {
        assertThatThrownBy(() -> run(event -> {
            if (event instanceof RunEvent.Answered answered && answered.done() == 7) {
                throw new Killed();
            }
        })).isInstanceOf(Killed.class);
        Path book = state().resolve("answers.jsonl");
        String answers = Files.readString(book);
        assertThat(answers.lines().count()).isGreaterThanOrEqualTo(7);
        Files.writeString(book, answers.substring(0, answers.length() - 9));
        long kept = answers.lines().count() - 1;
        server.chats.clear();
        RunResult result = run();
        assertThat(server.chats).hasSize((int) (2L * result.scores().getFirst().n() - kept));
    }
}
