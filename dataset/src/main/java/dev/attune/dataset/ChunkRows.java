package dev.attune.dataset;

import dev.attune.text.Conversation;
import dev.attune.text.Message;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the rows of one piece of a chat file after another: most straight from their bytes, all others the thorough way, so that
 * what is told is what {@link DatasetReader} tells. Not thread-safe; one for each thread.
 */
final class ChunkRows implements PlainRow.Listener {
    private static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final String name;
    private final RowRules rules;
    private final PlainRow plain = new PlainRow();
    private final Optional<PlainCounts.Counting> counting;
    private List<Message> messages = new ArrayList<>();
    private List<Map<String, Object>> raw = new ArrayList<>();

    /** @param counts content with the numbers of plain rows; none where every row is told as an object */
    ChunkRows(String name, RowRules rules, Optional<PlainCounts> counts) {
        this.name = name;
        this.rules = rules;
        this.counting = counts.map(PlainCounts::counting);
    }

    /** What is told of a piece. */
    interface Told extends DatasetReader.Listener {
        /** Where the numbers of the next plain row go; only asked for where numbers are wanted. */
        PlainCounts.Batch batch();
    }

    /**
     * What a piece holds beside its rows.
     *
     * @param firstBlank the first empty line; 0 where there is none
     * @param stopped whether its file is of another kind, so that going on makes no sense
     */
    record Result(int examples, int blank, int firstBlank, boolean stopped) {}

    /** Reads a piece, whose lines are numbered as in the file. */
    Result read(LineChunks.Chunk chunk, Told listener) {
        int before = chunk.first() ? 0 : 1;
        var thorough = new StrictLines(name, listener::problem, DatasetReader.rules(rules, listener), before);
        byte[] bytes = chunk.bytes();
        int end = chunk.length();
        int from = chunk.first() && end >= MARK.length && Arrays.equals(bytes, 0, MARK.length, MARK, 0, MARK.length)
                ? MARK.length
                : 0;
        boolean stopped = false;
        for (int line = chunk.firstLine(); (from < end || line == 1) && !stopped; line++) {
            int to = from;
            while (to < end && bytes[to] != '\n') {
                to++;
            }
            stopped = !line(thorough, line, bytes, from, to > from && bytes[to - 1] == '\r' ? to - 1 : to, listener);
            from = to + 1;
        }
        return new Result(thorough.examples() - before, thorough.blankLines(), thorough.firstBlankLine(), stopped);
    }

    private boolean line(StrictLines thorough, int line, byte[] bytes, int from, int to, Told listener) {
        if (counting.isPresent()) {
            counting.get().begin();
            if (plain.read(bytes, from, to, counting.get()) && counting.get().addTo(listener.batch())) {
                thorough.seen();
                return true;
            }
        }
        messages = new ArrayList<>();
        raw = new ArrayList<>();
        if (plain.read(bytes, from, to, this) && plain.isUsual()) {
            thorough.seen();
            listener.row(new Row(line, new Conversation(messages), Map.of("messages", raw),
                    new String(bytes, from, to - from, StandardCharsets.UTF_8)));
            return true;
        }
        if (to - from > LineReader.MAXIMUM_LINE_BYTES) {
            thorough.tooLong(line);
            return true;
        }
        return thorough.line(line, Arrays.copyOfRange(bytes, from, to));
    }

    @Override
    public void message(PlainRow.Speaker speaker, byte[] utf8, int from, int to, boolean trained) {
        var text = new String(utf8, from, to - from, StandardCharsets.UTF_8);
        Message message = switch (speaker) {
            case USER -> new Message.User(text);
            case ASSISTANT -> new Message.Assistant(text);
            case SYSTEM -> new Message.System(text);
            case DEVELOPER -> new Message.Developer(text);
        };
        messages.add(message);
        Map<String, Object> written = LinkedHashMap.newLinkedHashMap(2);
        written.put("role", message.role());
        written.put("content", text);
        raw.add(written);
    }
}
