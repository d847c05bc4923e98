package dev.attune.evals.run;

import dev.attune.evals.score.Answer;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Gets answers: from the journal where they are there, else from the model, at a pace that the server bears, again where it
 * may help, and never beyond the deadlines and the budget. It does not hang: a request that ignores its timeout is left
 * behind, and a model that fails many times in a row is given up. Thread-safe; whoever makes it closes it.
 */
public final class Asker implements AutoCloseable {
    private static final int TRIES = 6;
    private static final int FIRST_AT_ONCE = 8;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration GRACE = Duration.ofSeconds(1);
    /** A pause that one is told of. */
    private static final Duration LONG_WAIT = Duration.ofSeconds(10);

    /** What came of a question. */
    public sealed interface Reply {
        /** An answer; {@code known} where it was in the journal. */
        record Given(Answer answer, boolean known) implements Reply {}

        /** None, and why, as it continues "no answer: …". */
        record Failed(String reason) implements Reply {}
    }

    private final CallJournal journal;
    private final Limits limits;
    private final Clock clock;
    private final Pace pace;
    private final Outage outage;
    private final Consumer<String> notices;
    private final long end;
    private final SplittableRandom jitter = new SplittableRandom(7);
    private final ExecutorService requests = Executors
            .newThreadPerTaskExecutor(Thread.ofVirtual().name("request-", 0).factory());
    private long calls;
    private double usd;

    public Asker(CallJournal journal, Limits limits) {
        this(journal, limits, notice -> {});
    }

    /** @param notices hears of long waits, in sentences, on any thread */
    public Asker(CallJournal journal, Limits limits, Consumer<String> notices) {
        this(journal, limits, Clock.SYSTEM, notices);
    }

    Asker(CallJournal journal, Limits limits, Clock clock) {
        this(journal, limits, clock, notice -> {});
    }

    private Asker(CallJournal journal, Limits limits, Clock clock, Consumer<String> notices) {
        this.journal = journal;
        this.limits = limits;
        this.clock = clock;
        this.notices = notices;
        this.pace = new Pace(FIRST_AT_ONCE, limits.concurrency(), clock);
        this.outage = new Outage(clock);
        this.end = clock.nanos() + limits.run().toNanos();
    }

    /** Requests sent so far. */
    public synchronized long calls() {
        return calls;
    }

    /** Money spent so far, as far as prices are known. */
    public synchronized double usd() {
        return usd;
    }

    /** How many requests may be under way now. */
    public int atOnce() {
        return pace.allowed();
    }

    public Limits limits() {
        return limits;
    }

    public Reply ask(ChatModel model, ChatCall call) throws InterruptedException {
        String key = call.key(model);
        Optional<Answer> known = journal.find(key);
        if (known.isPresent()) {
            return new Reply.Given(known.get(), true);
        }
        String reason = "";
        for (int attempt = 0; attempt < TRIES; attempt++) {
            Optional<String> stop = stopped(model, reason);
            if (stop.isPresent()) {
                return new Reply.Failed(stop.get());
            }
            OptionalLong begun = pace.begin(end);
            if (begun.isEmpty()) {
                return new Reply.Failed(after(noTurn(), reason));
            }
            if (!reserve()) {
                pace.unwell();
                return new Reply.Failed(after("the budget is spent", reason));
            }
            try {
                Answer answer = priced(model, inTime(model, call));
                journal.add(key, model.name(), answer);
                pace.answered();
                outage.answered(model);
                return new Reply.Given(answer, false);
            } catch (ModelException e) {
                reason = String.valueOf(e.getMessage());
                switch (e.kind()) {
                    case LIMITED -> limited(begun.getAsLong(), e.retryAfter());
                    case UNWELL, TIMEOUT -> {
                        pace.unwell();
                        outage.failed(model);
                    }
                    case REFUSED -> {
                        pace.unwell();
                        outage.refused(model, reason);
                        return new Reply.Failed(reason);
                    }
                }
                rest(attempt, e.retryAfter());
            } catch (InterruptedException | RuntimeException e) {
                pace.unwell();
                throw e;
            }
        }
        return new Reply.Failed(reason + " (" + TRIES + " tries)");
    }

    /** Why there is no turn any more: the time is over, or the server wants more of it than there is. */
    private String noTurn() {
        return clock.nanos() - end >= 0
                ? "the time for the whole run is over"
                : "the server asks to wait longer than the whole run may take";
    }

    private void limited(long begun, Duration retryAfter) {
        if (pace.limited(begun, retryAfter) && retryAfter.compareTo(LONG_WAIT) >= 0) {
            notices.accept("the server asks to wait " + retryAfter.toSeconds()
                    + " s before the next request; stopped and started again, the run goes on from here");
        }
    }

    private Optional<String> stopped(ChatModel model, String reason) {
        Optional<String> down = outage.of(model);
        if (down.isPresent()) {
            return Optional.of(after(down.get(), reason));
        }
        if (clock.nanos() - end >= 0) {
            return Optional.of(after("the time for the whole run is over", reason));
        }
        synchronized (this) {
            return calls >= limits.calls() || usd >= limits.usd()
                    ? Optional.of(after("the budget is spent", reason))
                    : Optional.empty();
        }
    }

    private static String after(String what, String reason) {
        return reason.isEmpty() ? what : what + "; before that: " + reason;
    }

    private synchronized boolean reserve() {
        if (calls >= limits.calls() || usd >= limits.usd()) {
            return false;
        }
        calls++;
        return true;
    }

    private Answer inTime(ChatModel model, ChatCall call) throws ModelException, InterruptedException {
        long left = Math.max(1, end - clock.nanos());
        Duration most = call.timeout().toNanos() < left ? call.timeout() : Duration.ofNanos(left);
        ChatCall limited = call.within(most);
        Future<Answer> request = requests.submit(() -> model.ask(limited));
        try {
            return request.get(most.plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            request.cancel(true);
            throw new ModelException(ModelException.Kind.TIMEOUT, "no answer within " + most.toMillis() / 1000.0 + " s",
                    Duration.ZERO);
        } catch (InterruptedException e) {
            request.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case ModelException known -> throw known;
                case InterruptedException stopped ->
                    throw new ModelException(ModelException.Kind.UNWELL, "the request was cut off", Duration.ZERO);
                case Error fatal -> throw fatal;
                case null, default -> throw new ModelException(ModelException.Kind.REFUSED,
                        "asking failed: " + e.getCause(), Duration.ZERO);
            }
        }
    }

    private Answer priced(ChatModel model, Answer answer) {
        double cost = limits.usd(model.name(), answer.inputTokens(), answer.outputTokens());
        synchronized (this) {
            usd += Math.max(0, cost);
        }
        return answer.costing(cost);
    }

    /**
     * Full jitter: a random time up to a bound that doubles, and no less than the server asks for. Where that is longer than
     * the run may take, there is nothing to wait for.
     */
    private void rest(int attempt, Duration retryAfter) throws InterruptedException {
        long bound = Math.min(LONGEST_PAUSE.toMillis(), FIRST_PAUSE.toMillis() << attempt);
        long random;
        synchronized (jitter) {
            random = jitter.nextLong(bound + 1);
        }
        long left = Math.max(0, (end - clock.nanos()) / 1_000_000);
        long pause = Math.max(random, retryAfter.toMillis());
        if (pause <= left) {
            clock.sleep(Duration.ofMillis(pause));
        } else if (retryAfter.toMillis() <= left) {
            clock.sleep(Duration.ofMillis(left));
        }
    }

    @Override
    public void close() {
        requests.shutdownNow();
    }
}
