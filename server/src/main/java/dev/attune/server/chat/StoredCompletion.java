package dev.attune.server.chat;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.attune.server.protocol.Json;
import dev.attune.server.protocol.Wire;
import java.sql.ResultSet;
import java.sql.SQLException;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A chat completion that is kept.
 *
 * @param messages JSON array of what was asked
 * @param response JSON object, as a get answers it
 */
record StoredCompletion(long seq, String id, String messages, String response) implements Wire {

    static StoredCompletion read(ResultSet row) throws SQLException {
        return new StoredCompletion(row.getLong("seq"), row.getString("id"), row.getString("messages"),
                row.getString("response"));
    }

    /** What a get answers. */
    @JsonValue
    ObjectNode wire() {
        return (ObjectNode) Json.tree(response);
    }

    /** What was asked: each message with an identifier, and the parts of its content where it has parts. */
    ArrayNode asked() {
        var all = Json.MAPPER.createArrayNode();
        for (var node : Json.tree(messages)) {
            var message = (ObjectNode) node;
            var content = message.path("content");
            message.put("id", id + "-" + all.size());
            message.putNull("content_parts");
            if (content.isArray()) {
                var text = new StringBuilder();
                content.forEach(part -> text.append(part.path("text").asString("")));
                message.set("content_parts", content);
                message.put("content", text.toString());
            } else if (!message.has("content")) {
                message.putNull("content");
            }
            if (!message.has("refusal")) {
                message.putNull("refusal");
            }
            all.add(message);
        }
        return all;
    }
}
