package dev.attune.server.batches;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import dev.attune.server.protocol.Wire;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What batches write, key for key. */
interface BatchWire extends Wire {
    /** Many requests in one file; a time that has not come is left out. */
    @JsonInclude(Include.NON_NULL)
    record Batch(String id, String object, String endpoint, @Nullable String model, @Nullable BatchErrors errors,
            String inputFileId, String completionWindow, String status, @Nullable String outputFileId,
            @Nullable String errorFileId, long createdAt, @Nullable Long inProgressAt, long expiresAt,
            @Nullable Long finalizingAt, @Nullable Long completedAt, @Nullable Long failedAt,
            @Nullable Long expiredAt, @Nullable Long cancellingAt, @Nullable Long cancelledAt,
            BatchCounts requestCounts, BatchUsage usage,
            @JsonInclude(Include.ALWAYS) @Nullable Map<String, String> metadata) implements BatchWire {}

    /** What is wrong with a batch's file. */
    record BatchErrors(String object, List<BatchError> data) implements BatchWire {}

    /** Something wrong, with its line from 1 where it has one. */
    record BatchError(String code, String message, @Nullable String param,
            @Nullable Integer line) implements BatchWire {}

    /** How many requests there are, were answered, and could not be. */
    record BatchCounts(int total, int completed, int failed) implements BatchWire {}

    /** Tokens of all answers. */
    record BatchUsage(long inputTokens, CachedTokens inputTokensDetails, long outputTokens,
            ReasoningTokens outputTokensDetails, long totalTokens) implements BatchWire {
        static BatchUsage of(long in, long out) {
            return new BatchUsage(in, new CachedTokens(0), out, new ReasoningTokens(0), in + out);
        }
    }

    /** Tokens that were read from a cache. */
    record CachedTokens(long cachedTokens) implements BatchWire {}

    /** Tokens that were thought and not said. */
    record ReasoningTokens(long reasoningTokens) implements BatchWire {}
}
