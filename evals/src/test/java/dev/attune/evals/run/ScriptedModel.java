package dev.attune.evals.run;

import dev.attune.evals.score.Answer;
import java.util.ArrayList;
import java.util.List;

/** A model that says what a test wants, and remembers what it was asked. */
public final class ScriptedModel implements ChatModel {
    /** What it says to a call. */
    public interface Script {
        String say(ChatCall call) throws ModelException, InterruptedException;
    }

    private final String name;
    private final Script script;
    private final List<ChatCall> calls = new ArrayList<>();

    public ScriptedModel(String name, Script script) {
        this.name = name;
        this.script = script;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String identity() {
        return "http://here/v1";
    }

    @Override
    public Answer ask(ChatCall call) throws ModelException, InterruptedException {
        synchronized (calls) {
            calls.add(call);
        }
        return new Answer(script.say(call), List.of(), "stop", 10, 5, 0.25, -1);
    }

    /** How often it was asked. */
    public int asked() {
        synchronized (calls) {
            return calls.size();
        }
    }

    /** The last message of a call. */
    public static String last(ChatCall call) {
        return call.messages().get(call.messages().size() - 1).path("content").asString("");
    }
}
