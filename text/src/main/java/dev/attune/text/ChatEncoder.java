package dev.attune.text;

import dev.attune.text.TemplateInterpreter.Span;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Template and tokenizer of one model directory: conversations in, token ids and masks out. Training, checking and serving
 * all use this one object, so what is trained is what is later asked.
 *
 * <p>The mask is made by place, never by id. An assistant turn begins where the rendering of everything before it, with the
 * generation prompt, ends; it ends with its stop token, which is always trained with it. Where the template marks the
 * assistant's own words with {@code {% generation %}}, the turn begins at the mark. A conversation whose rendering does not
 * continue the rendering of its beginning, or of which nothing would be trained, is refused.
 *
 * <p>The ids of {@link #prompt} for the turns before an assistant turn are a prefix of the ids of {@link #example}. With a
 * byte-level tokenizer the text is cut where an assistant turn begins, so that no token reaches from the prompt into the
 * answer; with one that puts a space before every text (SentencePiece of Llama 2) the whole text is encoded at once and the
 * prefix is checked.
 *
 * <p>Thread-safe. Owns the tokenizer's native memory until {@link #close}.
 */
public final class ChatEncoder implements AutoCloseable {
    private final Path modelDir;
    private final ChatTemplate template;
    private final HuggingFaceTokenizer tokenizer;
    private final Set<Integer> stopTokens;
    private final int endToken;
    private final int turnEnd;
    private final boolean cuts;
    private volatile @Nullable TokenBytes tokenBytes;

    private ChatEncoder(Path modelDir, ChatTemplate template, HuggingFaceTokenizer tokenizer) {
        this.modelDir = modelDir;
        this.template = template;
        this.tokenizer = tokenizer;
        var special = SpecialTokens.read(modelDir);
        var stops = new TreeSet<>(special.endIds());
        endToken = tokenizer.idOf(special.names().getOrDefault("eos_token", ""));
        stops.add(endToken);
        turnEnd = turnEnd();
        stops.add(turnEnd);
        stops.removeIf(id -> id < 0);
        stopTokens = Set.copyOf(stops);
        cuts = tokenizer.decode(joined(tokenizer.encode("a"), tokenizer.encode("b")), false).equals("ab");
    }

    /**
     * Opens the template and the tokenizer of a model directory.
     *
     * @throws TextException where one of them is missing or cannot be understood
     */
    public static ChatEncoder open(Path modelDir) {
        var template = ChatTemplate.load(modelDir);
        var tokenizer = HuggingFaceTokenizer.open(modelDir);
        try {
            return new ChatEncoder(modelDir, template, tokenizer);
        } catch (RuntimeException e) {
            tokenizer.close();
            throw e;
        }
    }

    /** The tokenizer; it is closed with this encoder. */
    public Tokenizer tokenizer() {
        return tokenizer;
    }

    /** The bytes that each token stands for. */
    public TokenBytes tokenBytes() {
        TokenBytes known = tokenBytes;
        if (known == null) {
            known = tokenizer.bytes();
            tokenBytes = known;
        }
        return known;
    }

    /** The template. */
    public ChatTemplate template() {
        return template;
    }

    /**
     * The ids that end an assistant turn: those of the model's configuration, and the token that its template writes after
     * the assistant's words.
     */
    public Set<Integer> stopTokens() {
        return stopTokens;
    }

    /** The special token that the template writes after an assistant's words, or −1 where it writes none. */
    public int turnEndToken() {
        return turnEnd;
    }

    /**
     * The ids of a conversation with the generation prompt at the end: what the model reads before it answers.
     *
     * @throws TextException where the template refuses the conversation
     */
    public int[] prompt(Conversation conversation) {
        var rendering = template.rendering(conversation, true);
        return encoded(rendering.text(), turns(conversation, rendering, false)).ids();
    }

    /**
     * The ids of a whole conversation, and which of them are trained: in each assistant turn of weight 1, the content and
     * the stop token.
     *
     * @throws TextException where the template refuses the conversation, or no true mask can be made
     */
    public MaskedTokens example(Conversation conversation) {
        var rendering = template.rendering(conversation, false);
        var turns = turns(conversation, rendering, true);
        var text = encoded(rendering.text(), turns);
        int[] ids = text.ids();
        boolean[] trained = new boolean[ids.length + 1];
        boolean appended = false;
        for (int i = 0; i < turns.size(); i++) {
            var turn = turns.get(i);
            if (!turn.trained()) {
                continue;
            }
            int from = text.starts()[i];
            int stop = stop(text, turn, i);
            boolean last = turn.message() == conversation.messages().size() - 1;
            if (stop < 0 && !(last && endToken >= 0)) {
                throw refusal("the end of the assistant turn in message " + (turn.message() + 1)
                        + " cannot be found, as the template writes no stop token there or writes the turn in another way"
                        + " once the conversation goes on",
                        last
                                ? "name an eos_token in tokenizer_config.json"
                                : "give that turn the weight 0, or make one example of each turn");
            }
            appended |= stop < 0;
            Arrays.fill(trained, from, stop < 0 ? trained.length : stop + 1, true);
        }
        if (appended) {
            ids = joined(ids, new int[]{endToken});
        }
        var example = new MaskedTokens(ids, Arrays.copyOf(trained, ids.length));
        if (ids.length > 0) {
            example.trained()[0] = false;
        }
        if (example.trainedCount() == 0) {
            throw refusal("no token of the conversation would be trained", "give it an assistant turn of weight 1");
        }
        return example;
    }

    @Override
    public void close() {
        tokenizer.close();
    }

    /**
     * An assistant turn in the rendered text.
     *
     * @param message the place of its message, from 0
     * @param start where its own words begin, in characters
     * @param marked the end of what the template marks as the assistant's, or −1 where it marks nothing
     * @param end where the text of the conversation parts from that of its beginning up to this turn: after the stop token
     */
    private record Turn(int message, int start, int marked, int end, boolean trained) {}

    /** Ids of a text, and for each turn the place in them where it starts. */
    private record Encoded(String text, int[] ids, int[] starts) {}

    private List<Turn> turns(Conversation conversation, TemplateInterpreter.Rendering rendering, boolean training) {
        var turns = new ArrayList<Turn>();
        var messages = conversation.messages();
        for (int i = 0; i < messages.size(); i++) {
            if (messages.get(i) instanceof Message.Assistant(var _, var _, int weight)) {
                turn(conversation, i, rendering, training && weight == 1, turns);
            }
        }
        return turns;
    }

    private void turn(Conversation conversation, int message, TemplateInterpreter.Rendering rendering, boolean trained,
            List<Turn> turns) {
        String text = rendering.text();
        String before;
        try {
            before = template.render(beginning(conversation, message), true);
        } catch (TextException e) {
            if (trained) {
                throw refusal("the template cannot write what comes before the assistant turn in message " + (message
                        + 1) + ": " + e.getMessage(), "give that turn the weight 0");
            }
            return;
        }
        if (!text.startsWith(before)) {
            if (trained) {
                throw refusal("the template writes the conversation before message " + (message + 1)
                        + " in another way once the answer is there, so the answer would be trained after a prompt that is"
                        + " never asked", "give that turn the weight 0, or make one example of each turn");
            }
            return;
        }
        int start = before.length();
        Span mark = mark(conversation, message, rendering, start, trained);
        if (mark.end() > mark.start()) {
            turns.add(new Turn(message, mark.start(), mark.end(), text.length(), trained));
            return;
        }
        boolean last = message == conversation.messages().size() - 1;
        String through = last || !trained ? text : template.render(beginning(conversation, message + 1), false);
        turns.add(new Turn(message, start, -1, Math.max(start, common(text, through)), trained));
    }

    /** How many characters two texts share at their beginning. */
    private static int common(String a, String b) {
        int differs = Arrays.mismatch(a.toCharArray(), b.toCharArray());
        return differs < 0 ? a.length() : differs;
    }

    /**
     * What the template marks between the start of one turn and the start of the next; empty where it marks nothing. Some
     * templates mark the generation prompt as well: of such a mark only what comes after the prompt counts.
     */
    private Span mark(Conversation conversation, int message, TemplateInterpreter.Rendering rendering, int start,
            boolean trained) {
        if (rendering.generations().stream().noneMatch(mark -> mark.end() > start)) {
            return new Span(start, start);
        }
        int next = Integer.MAX_VALUE;
        for (int i = message + 1; i < conversation.messages().size(); i++) {
            if (conversation.messages().get(i) instanceof Message.Assistant) {
                String before = template.render(beginning(conversation, i), true);
                next = rendering.text().startsWith(before) ? before.length() : next;
                break;
            }
        }
        int limit = next;
        var marks = rendering.generations().stream()
                .filter(mark -> mark.end() > Math.max(start, mark.start()) && mark.end() <= limit)
                .map(mark -> new Span(Math.max(start, mark.start()), mark.end())).toList();
        if (marks.isEmpty()) {
            return new Span(start, start);
        }
        Span first = marks.getFirst();
        int end = first.end();
        for (Span mark : marks.subList(1, marks.size())) {
            if (trained && mark.start() != end) {
                throw refusal(
                        "the template marks several separate stretches of the assistant turn in message " + (message
                                + 1),
                        "put one {% generation %} block around them");
            }
            end = mark.end();
        }
        return new Span(first.start(), end);
    }

    private static Conversation beginning(Conversation conversation, int count) {
        return new Conversation(conversation.messages().subList(0, count), conversation.tools());
    }

    private Encoded encoded(String text, List<Turn> turns) {
        int[] starts = new int[turns.size()];
        if (!cuts) {
            int[] ids = tokenizer.encode(text);
            for (int i = 0; i < starts.length; i++) {
                starts[i] = prefix(text, turns.get(i).start(), ids, turns.get(i));
            }
            return new Encoded(text, ids, starts);
        }
        int[] ids = {};
        int from = 0;
        for (int i = 0; i < starts.length; i++) {
            ids = joined(ids, tokenizer.encode(text.substring(from, turns.get(i).start())));
            starts[i] = ids.length;
            from = turns.get(i).start();
        }
        return new Encoded(text, joined(ids, tokenizer.encode(text.substring(from))), starts);
    }

    private int prefix(String text, int end, int[] ids, Turn turn) {
        int[] head = tokenizer.encode(text.substring(0, end));
        if (head.length > ids.length || Arrays.mismatch(head, Arrays.copyOf(ids, head.length)) >= 0) {
            if (turn.trained()) {
                throw refusal("a token reaches from the prompt into the assistant turn in message " + (turn.message()
                        + 1), "take the blanks off the start of that turn, or give it the weight 0");
            }
            return Math.min(head.length, ids.length);
        }
        return head.length;
    }

    /** The place of the turn's stop token among the ids, or −1. */
    private int stop(Encoded encoded, Turn turn, int index) {
        int from = encoded.starts()[index];
        int to = index + 1 < encoded.starts().length ? encoded.starts()[index + 1] : encoded.ids().length;
        if (turn.marked() >= 0) {
            int marked = Math.min(to, from + lengthOf(encoded, turn, turn.marked(), from));
            int inside = lastStop(encoded.ids(), from, marked);
            if (inside >= 0 && PythonStrings.isBlank(tokenizer.decode(Arrays.copyOfRange(encoded.ids(), inside + 1,
                    marked), false), 0)) {
                return inside;
            }
            for (int i = marked; i < to; i++) {
                if (stopTokens.contains(encoded.ids()[i])) {
                    return i;
                }
            }
            return -1;
        }
        boolean whole = turn.end() == encoded.text().length();
        return lastStop(encoded.ids(), from, whole
                ? encoded.ids().length
                : from + lengthOf(encoded, turn, turn.end(),
                        from));
    }

    /** How many ids the turn has up to a place in the text; the ids up to its last stop token must be those of the whole. */
    private int lengthOf(Encoded encoded, Turn turn, int end, int from) {
        int[] apart = cuts
                ? tokenizer.encode(encoded.text().substring(turn.start(), end))
                : tokenizer.encode(encoded.text().substring(0, end));
        int offset = cuts ? from : 0;
        int last = Math.max(lastStop(apart, 0, apart.length), 0);
        for (int i = 0; i <= last && i < apart.length; i++) {
            if (offset + i >= encoded.ids().length || apart[i] != encoded.ids()[offset + i]) {
                throw refusal("a token reaches beyond the end of the assistant turn in message " + (turn.message() + 1),
                        "give that turn the weight 0");
            }
        }
        return offset + apart.length - from;
    }

    /** The last token that ends a turn: the template's own where it occurs, so that nothing after it is trained. */
    private int lastStop(int[] ids, int from, int to) {
        int stop = -1;
        for (int i = to - 1; i >= from; i--) {
            if (ids[i] == turnEnd) {
                return i;
            }
            stop = stop < 0 && stopTokens.contains(ids[i]) ? i : stop;
        }
        return stop;
    }

    /** The special token that the template writes after the assistant's words, or −1. */
    private int turnEnd() {
        String words = "attune trial";
        try {
            String text = template.render(
                    new Conversation(List.of(new Message.User("?"), new Message.Assistant(words))),
                    false);
            int at = text.lastIndexOf(words);
            if (at >= 0) {
                for (int id : tokenizer.encode(text.substring(at + words.length()))) {
                    if (tokenizer.isSpecial(id)) {
                        return id;
                    }
                }
            }
            return -1;
        } catch (TextException e) {
            return -1;
        }
    }

    private static int[] joined(int[] a, int[] b) {
        int[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    private TextException refusal(String what, String remedy) {
        return new TextException("With the chat template of " + modelDir + " " + what + "; " + remedy + ".");
    }
}
