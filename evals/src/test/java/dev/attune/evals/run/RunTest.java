package dev.attune.evals.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.evals.run.EvalRun.Sampling;
import dev.attune.evals.score.Answer;
import dev.attune.evals.score.Sample;
import dev.attune.evals.score.Score;
import dev.attune.evals.score.Scorer;
import dev.attune.evals.score.Scorers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunTest {
    private static final Sampling ONCE = new Sampling(0, 64, 1);
    private static final String KEY = "ab".repeat(32);

    @TempDir
    Path folder;

    /** Time that a test moves; sleeping moves it. */
    private static final class TestClock implements Clock {
        private final AtomicLong now = new AtomicLong();
        private final List<Duration> slept = new ArrayList<>();

        @Override
        public long nanos() {
            return now.get();
        }

        @Override
        public synchronized void sleep(Duration time) {
            slept.add(time);
            now.addAndGet(time.toNanos());
        }
    }

    private QuestionFile questions(String... lines) throws IOException {
        Path file = folder.resolve("q.jsonl");
        Files.writeString(file, String.join("\n", lines) + "\n");
        return QuestionFile.read(file, QuestionFile.Prompt.NONE);
    }

    private QuestionFile numbered(int n) throws IOException {
        String[] lines = new String[n];
        for (int i = 0; i < n; i++) {
            lines[i] = "{\"messages\":[{\"role\":\"user\",\"content\":\"" + i
                    + "\"},{\"role\":\"assistant\",\"content\":\"" + i + "\"}]}";
        }
        return questions(lines);
    }

    private CallJournal journal() throws IOException {
        return CallJournal.open(folder.resolve("answers.jsonl"));
    }

    private static ModelResult run(Asker asker, ChatModel model, QuestionFile file, Scorer... scorers)
            throws InterruptedException {
        return new EvalRun(asker, (what, done, all) -> {}).run(model, file.questions(), ONCE, List.of(scorers));
    }

    @Test
    void questionsAreReadInTheFormsPeopleHave() throws IOException {
        QuestionFile file = questions(
                "{\"messages\":[{\"role\":\"system\",\"content\":\"s\"},{\"role\":\"user\",\"content\":\"q\"},{\"role\":\"assistant\",\"content\":\"a\",\"weight\":1}],\"metadata\":{\"channel\":\"mail\"}}",
                "{\"id\":\"x7\",\"input\":\"q\",\"ideal\":\"a\",\"language\":\"de\"}",
                "{\"item\":{\"question\":\"q\",\"reference_answer\":\"a\"}}",
                "{\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"q\"}]}]}",
                "", "{\"id\":\"x7\",\"input\":\"again\"}", "not json", "{\"a\":1}", "[1]",
                "{\"input\":\"q\",\"input\":\"r\"}");
        assertThat(file.questions()).extracting(Question::text).containsExactly("q", "q", "q", "q");
        assertThat(file.questions()).extracting(Question::expected).containsExactly("a", "a", "a", "");
        assertThat(file.questions()).extracting(Question::referenced).containsExactly(true, true, true, false);
        assertThat(file.questions()).extracting(Question::id).containsExactly("line 1", "x7", "line 3", "line 4");
        assertThat(file.questions().getFirst().messages()).hasSize(2);
        assertThat(file.questions().getFirst().metadata()).containsEntry("channel", "mail");
        assertThat(file.questions().get(1).metadata()).containsEntry("language", "de");
        assertThat(file.problems()).hasSize(5);
        assertThat(file.problems().getFirst()).contains("line 6", "x7");
    }

    @Test
    void aStoppedRunGoesOnAndEndsTheSame() throws Exception {
        QuestionFile file = numbered(40);
        ScriptedModel whole = new ScriptedModel("m", ScriptedModel::last);
        ModelResult expected;
        try (CallJournal journal = CallJournal.open(folder.resolve("whole.jsonl"));
                Asker asker = new Asker(journal, Limits.DEFAULT)) {
            expected = run(asker, whole, file, Scorers.named("exact"));
        }
        var limit = new Limits(4, Duration.ofSeconds(5), Duration.ofMinutes(1), 17, Double.POSITIVE_INFINITY, Map.of());
        ScriptedModel model = new ScriptedModel("m", ScriptedModel::last);
        try (CallJournal journal = journal(); Asker asker = new Asker(journal, limit)) {
            ModelResult part = run(asker, model, file, Scorers.named("exact"));
            assertThat(part.errors()).isEqualTo(23);
            assertThat(part.counts(0)).isEqualTo(new ModelResult.Counts(17, 0, 23));
            assertThat(part.reasons()).containsEntry("no answer: the budget is spent", 23);
        }
        Files.writeString(folder.resolve("answers.jsonl"), "{\"key\":\"cut off", StandardOpenOption.APPEND);
        try (CallJournal journal = journal(); Asker asker = new Asker(journal, Limits.DEFAULT)) {
            ModelResult rest = run(asker, model, file, Scorers.named("exact"));
            assertThat(model.asked()).isEqualTo(40);
            assertThat(rest.rows()).extracting(ScoredRow::text)
                    .isEqualTo(expected.rows().stream().map(ScoredRow::text).toList());
            assertThat(rest.byQuestion(0)).isEqualTo(expected.byQuestion(0));
        }
        try (CallJournal journal = journal(); Asker asker = new Asker(journal, Limits.DEFAULT)) {
            run(asker, model, file, Scorers.named("contains"));
            assertThat(asker.calls()).as("scoring again costs nothing").isZero();
        }
    }

    @Test
    void repeatsAreAnswersOfTheirOwn() throws Exception {
        var count = new AtomicInteger();
        ScriptedModel model = new ScriptedModel("m", call -> count.incrementAndGet() % 2 == 0 ? "0" : "1");
        try (CallJournal journal = journal(); Asker asker = new Asker(journal, Limits.DEFAULT)) {
            ModelResult result = new EvalRun(asker, (what, done, all) -> {}).run(model, numbered(2).questions(),
                    new Sampling(0.7, 64, 5),
                    List.of(Scorers.named("exact")));
            assertThat(model.asked()).isEqualTo(10);
            assertThat(result.rows()).hasSize(10);
            assertThat(result.rows().get(7).repeat()).isEqualTo(2);
        }
    }

    @Test
    void theJournalFindsWhatWasWrittenAndRefusesWhatIsNoJournal() throws IOException {
        var answer = new Answer("ä\n\"x\"".repeat(3_000), List.of(new Answer.ToolCall("f", "{}")), "stop", 1, 2, 0.5,
                0.25);
        try (CallJournal journal = journal()) {
            journal.add(KEY, "m", answer);
            assertThat(journal.find(KEY)).contains(answer);
            assertThatThrownBy(this::journal).isInstanceOf(IOException.class)
                    .hasMessageContaining("Another evaluation");
        }
        try (CallJournal journal = journal()) {
            assertThat(journal.find(KEY)).contains(answer);
            assertThat(journal.find("cd".repeat(32))).isEmpty();
            assertThat(journal.size()).isEqualTo(1);
        }
        Files.writeString(folder.resolve("other.jsonl"), "{\"messages\":[]}\n");
        assertThatThrownBy(() -> CallJournal.open(folder.resolve("other.jsonl")))
                .hasMessageContaining("is not a journal");
        assertThat(Files.readString(folder.resolve("other.jsonl"))).as("left alone").isEqualTo("{\"messages\":[]}\n");
    }

    @Test
    void theKeyHoldsAllThatMatters() throws IOException {
        Question question = numbered(1).questions().getFirst();
        ScriptedModel model = new ScriptedModel("m", call -> "");
        var call = new ChatCall(question.messages(), question.tools(), 0, 64, 0, Duration.ofSeconds(1));
        assertThat(call.key(model))
                .isEqualTo(
                        new ChatCall(question.messages(), question.tools(), 0, 64, 0, Duration.ofSeconds(9)).key(model))
                .isNotEqualTo(
                        new ChatCall(question.messages(), question.tools(), 0, 64, 1, Duration.ofSeconds(1)).key(model))
                .isNotEqualTo(new ChatCall(question.messages(), question.tools(), 0.1, 64, 0, Duration.ofSeconds(1))
                        .key(model))
                .isNotEqualTo(
                        new ChatCall(question.messages(), question.tools(), 0, 65, 0, Duration.ofSeconds(1)).key(model))
                .isNotEqualTo(call.key(new ScriptedModel("n", c -> "")));
    }

    @Test
    void refusalsForHasteSlowDownAndAreRepeated() throws Exception {
        var clock = new TestClock();
        var count = new AtomicInteger();
        ScriptedModel model = new ScriptedModel("m", call -> {
            if (count.incrementAndGet() <= 2) {
                throw new ModelException(ModelException.Kind.LIMITED, "too many requests", Duration.ofSeconds(7));
            }
            return ScriptedModel.last(call);
        });
        try (CallJournal journal = journal(); Asker asker = new Asker(journal, Limits.DEFAULT, clock)) {
            ModelResult result = run(asker, model, numbered(1), Scorers.named("exact"));
            assertThat(result.errors()).isZero();
            assertThat(clock.slept.stream().mapToLong(Duration::toSeconds).sum()).as("Retry-After is kept")
                    .isGreaterThanOrEqualTo(14);
            assertThat(asker.atOnce()).isLessThan(8);
        }
    }

    @Test
    void thePaceIsCutOnceForOneWaveAndGrowsAgain() throws Exception {
        var clock = new TestClock();
        var pace = new Pace(8, 10, clock);
        long begun = pace.begin(Long.MAX_VALUE).orElseThrow();
        pace.begin(Long.MAX_VALUE);
        clock.sleep(Duration.ofMillis(5));
        pace.limited(begun, Duration.ofSeconds(1));
        pace.limited(begun, Duration.ofSeconds(1));
        assertThat(pace.allowed()).as("both were sent before the cut").isEqualTo(5);
        for (int i = 0; i < 5; i++) {
            pace.begin(Long.MAX_VALUE);
            pace.answered();
        }
        assertThat(pace.allowed()).isEqualTo(6);
        assertThat(pace.begin(clock.nanos())).as("the deadline is past").isEmpty();
    }

    @Test
    void nothingHangs() throws Exception {
        var limits = new Limits(4, Duration.ofMillis(200), Duration.ofSeconds(2), 100, 1, Map.of());
        ScriptedModel model = new ScriptedModel("m", call -> {
            while (true) {
                try {
                    Thread.sleep(Duration.ofDays(1));
                } catch (InterruptedException e) {
                    continue;
                }
            }
        });
        long start = System.nanoTime();
        try (CallJournal journal = journal(); Asker asker = new Asker(journal, limits)) {
            ModelResult result = run(asker, model, numbered(3), Scorers.named("exact"));
            assertThat(result.errors()).isEqualTo(3);
            assertThat(result.reasons().keySet().iterator().next()).contains("no answer within");
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
    }

    @Test
    void refusedRequestsAndBrokenScorersAreErrorsAndNoScores() throws Exception {
        ScriptedModel model = new ScriptedModel("m", call -> {
            if (ScriptedModel.last(call).equals("1")) {
                throw new ModelException(ModelException.Kind.REFUSED, "no such model", Duration.ZERO);
            }
            return ScriptedModel.last(call);
        });
        Scorer broken = new Scorer() {
            @Override
            public String name() {
                return "broken";
            }

            @Override
            public Score score(Sample sample) {
                throw new IllegalStateException("out of order");
            }
        };
        try (CallJournal journal = journal(); Asker asker = new Asker(journal, Limits.DEFAULT)) {
            ModelResult result = run(asker, model, numbered(3), Scorers.named("exact"), broken);
            assertThat(asker.calls()).as("a refused request is not tried again").isEqualTo(3);
            assertThat(result.counts(0)).isEqualTo(new ModelResult.Counts(2, 0, 1));
            assertThat(result.counts(1)).isEqualTo(new ModelResult.Counts(0, 0, 3));
            assertThat(result.byQuestion(0)).containsOnlyKeys("line 1", "line 3");
            assertThat(result.reasons()).containsEntry("broken failed: out of order", 2)
                    .containsEntry("no answer: no such model", 1);
        }
    }

    @Test
    void aPriceMayStandForAllModelsOfAName() {
        var limits = new Limits(1, Duration.ofSeconds(5), Duration.ofMinutes(1), 1_000, 1,
                Map.of("ft:nano:*", new Limits.Price(1, 2), "ft:*", new Limits.Price(9, 9), "m",
                        new Limits.Price(3, 3)));
        assertThat(limits.usd("ft:nano:org:a:1", 1_000_000, 1_000_000)).isEqualTo(3);
        assertThat(limits.usd("ft:other", 1_000_000, 0)).isEqualTo(9);
        assertThat(limits.usd("m", 1_000_000, 0)).isEqualTo(3);
        assertThat(limits.usd("mm", 1_000_000, 0)).isEqualTo(-1);
    }

    @Test
    void moneyIsCountedAndStopsTheRun() throws Exception {
        var limits = new Limits(1, Duration.ofSeconds(5), Duration.ofMinutes(1), 1_000, 0.0001,
                Map.of("m", new Limits.Price(1, 2)));
        try (CallJournal journal = journal(); Asker asker = new Asker(journal, limits)) {
            ModelResult result = run(asker, new ScriptedModel("m", ScriptedModel::last), numbered(20),
                    Scorers.named("exact"));
            assertThat(asker.calls()).as("each costs 0.00002 dollars").isBetween(5L, 6L);
            assertThat(result.errors()).isEqualTo(20 - (int) asker.calls());
        }
    }
}
