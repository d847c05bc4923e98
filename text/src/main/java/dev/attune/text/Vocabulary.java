package dev.attune.text;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The tokens of a {@code tokenizer.json}: each written form with its id, and which of them are special.
 *
 * @param ids the id of each token as the file writes it (byte-level tokens in their printable disguise)
 * @param added the contents of the added tokens, special or not; text is split at these before anything else
 * @param special the ids that are left out when special tokens are skipped
 * @param size one more than the largest id
 */
record Vocabulary(Map<String, Integer> ids, Set<String> added, Set<Integer> special, int size) {

    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    /** Reads the file as a stream: merges, the larger half of it, are skipped unread. */
    static Vocabulary read(Path file) {
        var ids = new HashMap<String, Integer>();
        var added = new HashSet<String>();
        var special = new HashSet<Integer>();
        try (Reader reader = Files.newBufferedReader(file); JsonParser in = JSON.createParser(reader)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                throw new TextException(file + " is not a JSON object; copy the base model's tokenizer.json again.");
            }
            while (in.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = in.currentName();
                in.nextToken();
                switch (name) {
                    case "model" -> readModel(in, ids);
                    case "added_tokens" -> readAdded(in, ids, added, special);
                    default -> in.skipChildren();
                }
            }
        } catch (IOException | JacksonException e) {
            throw new TextException(file + " is not a readable tokenizer.json (" + firstLine(e)
                    + "); copy it again from the base model.", e);
        }
        if (ids.isEmpty()) {
            throw new TextException(file + " holds no vocabulary (model.vocab); copy it again from the base model.");
        }
        int largest = ids.values().stream().mapToInt(Integer::intValue).max().orElse(-1);
        return new Vocabulary(ids, added, special, largest + 1);
    }

    private static void readModel(JsonParser in, Map<String, Integer> ids) {
        if (in.currentToken() != JsonToken.START_OBJECT) {
            in.skipChildren();
            return;
        }
        while (in.nextToken() == JsonToken.PROPERTY_NAME) {
            boolean vocabulary = in.currentName().equals("vocab");
            JsonToken start = in.nextToken();
            if (vocabulary && start == JsonToken.START_OBJECT) {
                while (in.nextToken() == JsonToken.PROPERTY_NAME) {
                    String token = in.currentName();
                    in.nextToken();
                    ids.putIfAbsent(token, in.getIntValue());
                }
            } else if (vocabulary && start == JsonToken.START_ARRAY) { // Unigram: [[piece, score], …], the place is the id
                for (int id = 0; in.nextToken() == JsonToken.START_ARRAY; id++) {
                    in.nextToken();
                    ids.putIfAbsent(in.getString(), id);
                    while (in.nextToken() != JsonToken.END_ARRAY) {
                        in.skipChildren();
                    }
                }
            } else {
                in.skipChildren();
            }
        }
    }

    private static void readAdded(JsonParser in, Map<String, Integer> ids, Set<String> added, Set<Integer> special) {
        if (in.currentToken() != JsonToken.START_ARRAY) {
            in.skipChildren();
            return;
        }
        while (in.nextToken() == JsonToken.START_OBJECT) {
            var token = JSON.readTree(in);
            String content = token.path("content").asString("");
            int id = token.path("id").asInt(-1);
            if (id < 0 || content.isEmpty()) {
                continue;
            }
            ids.put(content, id);
            added.add(content);
            if (token.path("special").asBoolean(false)) {
                special.add(id);
            }
        }
    }

    private static String firstLine(Exception e) {
        String message = String.valueOf(e.getMessage());
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }
}
