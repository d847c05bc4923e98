package dev.attune.server.chat;

import dev.attune.server.protocol.Caller;
import dev.attune.server.protocol.Json;
import dev.attune.server.store.Database;
import dev.attune.server.store.Page;
import dev.attune.server.store.Times;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** The chat completions that are kept, for a time. Thread-safe. */
public final class StoredCompletions {
    private static final List<String> KEPT = List.of("tool_choice", "seed", "top_p", "temperature", "presence_penalty",
            "frequency_penalty", "tools", "response_format");

    private final Database database;
    private final Duration retention;

    /** @param retention how long they are kept; zero stands for ever */
    public StoredCompletions(Database database, Duration retention) {
        this.database = database;
        this.retention = retention;
    }

    /**
     * Keeps an answer.
     *
     * @param body the request
     */
    void keep(ChatWire.Completion answer, ChatRequest chat, ObjectNode body) {
        var response = (ObjectNode) Json.tree(Json.text(answer));
        for (String key : KEPT) {
            response.set(key, body.path(key).isMissingNode() ? Json.MAPPER.nullNode() : body.get(key));
        }
        response.set("input_user", body.path("user").isMissingNode() ? Json.MAPPER.nullNode() : body.get("user"));
        String organization = Caller.now().organization();
        database.write(handle -> {
            dropOld(handle);
            handle.execute("insert into stored_completions (id, organization, created_at, model, metadata, messages,"
                    + " response) values (?, ?, ?, ?, ?, ?, ?)", answer.id(), organization, answer.created(),
                    answer.model(), Json.text(chat.metadata()), body.path("messages").toString(), response.toString());
            long seq = handle.createQuery("select last_insert_rowid()").mapTo(Long.class).one();
            putMetadata(handle, seq, chat.metadata());
            return seq;
        });
    }

    Optional<StoredCompletion> find(String id) {
        Caller caller = Caller.now();
        return database.read(handle -> handle.createQuery("select * from stored_completions where id = :id and"
                + " (:organization = '' or organization = :organization) and created_at >= :since").bind("id", id)
                .bind("organization", caller.organization()).bind("since", since())
                .map((row, context) -> StoredCompletion.read(row)).findOne());
    }

    /**
     * A page of them.
     *
     * @param model empty for all
     * @param metadata pairs that all have to be there
     */
    Page<StoredCompletion> list(String model, Map<String, String> metadata, @Nullable StoredCompletion after,
            boolean newestFirst, int limit) {
        var sql = new StringBuilder("select * from stored_completions where created_at >= ?");
        var values = new ArrayList<Object>(List.of(since()));
        String organization = Caller.now().organization();
        if (!organization.isEmpty()) {
            sql.append(" and organization = ?");
            values.add(organization);
        }
        if (!model.isEmpty()) {
            sql.append(" and model = ?");
            values.add(model);
        }
        metadata.forEach((name, value) -> {
            sql.append(" and exists (select 1 from stored_completion_metadata m where m.completion_seq ="
                    + " stored_completions.seq and m.name = ? and m.value = ?)");
            values.add(name);
            values.add(value);
        });
        if (after != null) {
            sql.append(newestFirst ? " and seq < ?" : " and seq > ?");
            values.add(after.seq());
        }
        sql.append(" order by seq ").append(newestFirst ? "desc" : "asc").append(" limit ").append(limit + 1);
        return Page.of(database.read(handle -> handle.select(sql, values.toArray())
                .map((row, context) -> StoredCompletion.read(row)).list()), limit);
    }

    /** Gives one other metadata. */
    StoredCompletion update(StoredCompletion completion, Map<String, String> metadata) {
        ObjectNode response = completion.wire();
        response.set("metadata", Json.MAPPER.valueToTree(metadata));
        return database.write(handle -> {
            handle.execute("update stored_completions set metadata = ?, response = ? where seq = ?",
                    Json.text(metadata), response.toString(), completion.seq());
            handle.execute("delete from stored_completion_metadata where completion_seq = ?", completion.seq());
            putMetadata(handle, completion.seq(), metadata);
            return new StoredCompletion(completion.seq(), completion.id(), completion.messages(), response.toString());
        });
    }

    /** Whether it was there. */
    boolean delete(StoredCompletion completion) {
        return database.write(handle -> handle.execute("delete from stored_completions where seq = ?",
                completion.seq()) == 1);
    }

    private static void putMetadata(Handle handle, long seq, Map<String, String> metadata) {
        metadata.forEach((name, value) -> handle.execute("insert into stored_completion_metadata values (?, ?, ?)", seq,
                name, value));
    }

    private void dropOld(Handle handle) {
        handle.execute("delete from stored_completions where created_at < ?", since());
    }

    private long since() {
        return retention.isZero() ? 0 : Times.nowSeconds() - retention.toSeconds();
    }
}
