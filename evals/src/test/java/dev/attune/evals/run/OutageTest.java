package dev.attune.evals.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.evals.run.Asker.Reply;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** When asking is of no use any more. Time is the test's own. */
class OutageTest {
    private static final class TestClock implements Clock {
        private final AtomicLong now = new AtomicLong();

        @Override
        public long nanos() {
            return now.get();
        }

        @Override
        public void sleep(Duration time) {
            now.addAndGet(time.toNanos());
        }
    }

    @TempDir
    Path folder;

    private final TestClock clock = new TestClock();

    private static ChatCall call(int number) {
        var messages = JsonMapper.shared().createArrayNode();
        messages.addObject().put("role", "user").put("content", String.valueOf(number));
        return new ChatCall(messages, JsonMapper.shared().createArrayNode(), 0, 8, 0, Duration.ofSeconds(30));
    }

    private List<String> failures(ScriptedModel model, Limits limits, int calls) throws Exception {
        var reasons = new ArrayList<String>();
        try (CallJournal journal = CallJournal.open(folder.resolve("answers.jsonl"));
                Asker asker = new Asker(journal, limits, clock)) {
            for (int i = 0; i < calls; i++) {
                reasons.add(asker.ask(model, call(i)) instanceof Reply.Failed failed ? failed.reason() : "");
            }
        }
        return reasons;
    }

    private static Limits limits(Duration run) {
        return new Limits(4, Duration.ofSeconds(30), run, Long.MAX_VALUE, Double.POSITIVE_INFINITY, Map.of());
    }

    @Test
    void aServerThatIsDownForLongIsGivenUp() throws Exception {
        ScriptedModel dead = new ScriptedModel("m", call -> {
            clock.sleep(Duration.ofSeconds(5));
            throw new ModelException(ModelException.Kind.UNWELL, "bad gateway", Duration.ZERO);
        });
        List<String> reasons = failures(dead, limits(Duration.ofDays(1)), 1_000);
        assertThat(dead.asked()).as("and not a thousand times six").isBetween(Outage.IN_A_ROW, Outage.IN_A_ROW + 6);
        assertThat(reasons.getFirst()).isEqualTo("bad gateway (6 tries)");
        assertThat(reasons.getLast()).startsWith("given up, as ").contains("requests in a row failed, for ");
    }

    @Test
    void aServerThatIsStartedAnewIsWaitedFor() throws Exception {
        var count = new AtomicInteger();
        ScriptedModel model = new ScriptedModel("m", call -> {
            if (count.incrementAndGet() <= 40 && clock.nanos() < Duration.ofSeconds(30).toNanos()) {
                throw new ModelException(ModelException.Kind.UNWELL, "starting", Duration.ZERO);
            }
            return ScriptedModel.last(call);
        });
        List<String> reasons = failures(model, limits(Duration.ofDays(1)), 30);
        assertThat(reasons.subList(20, 30)).containsOnly("");
        assertThat(reasons).noneMatch(reason -> reason.contains("given up"));
    }

    @Test
    void aWrongKeyIsNotTriedTenThousandTimes() throws Exception {
        ScriptedModel refusing = new ScriptedModel("m", call -> {
            throw new ModelException(ModelException.Kind.REFUSED, "Incorrect API key", Duration.ZERO);
        });
        List<String> reasons = failures(refusing, limits(Duration.ofDays(1)), 10_000);
        assertThat(refusing.asked()).isEqualTo(Outage.IN_A_ROW);
        assertThat(reasons.getLast()).contains("24 requests in a row were refused: Incorrect API key");
        ScriptedModel now = new ScriptedModel("m", call -> {
            if (Integer.parseInt(ScriptedModel.last(call)) % 20 != 0) {
                throw new ModelException(ModelException.Kind.REFUSED, "content filter", Duration.ZERO);
            }
            return "fine";
        });
        assertThat(failures(now, limits(Duration.ofDays(1)), 100)).as("an answer between begins the count anew")
                .noneMatch(reason -> reason.contains("given up"));
    }

    @Test
    void aWaitThatIsLongerThanTheRunIsNotBegun() throws Exception {
        ScriptedModel busy = new ScriptedModel("m", call -> {
            throw new ModelException(ModelException.Kind.LIMITED, "slow down", Duration.ofHours(1));
        });
        List<String> reasons = failures(busy, limits(Duration.ofMinutes(5)), 50);
        assertThat(busy.asked()).isEqualTo(1);
        assertThat(Duration.ofNanos(clock.nanos())).isLessThan(Duration.ofMinutes(1));
        assertThat(reasons).allMatch(r -> r.contains("the server asks to wait longer than the whole run may take"));
        assertThat(reasons.getFirst()).endsWith("before that: slow down");
    }
}
