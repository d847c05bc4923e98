package dev.attune.server.chat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.attune.server.protocol.ApiException;
import dev.attune.server.protocol.Fields;

/**
 * The parsers of requests under Jazzer: whatever the bytes, a request is read or refused with a sentence. An ordinary run
 * tries the inputs that lie beside it; with {@code JAZZER_FUZZ=1} and {@code -Dtest=RequestFuzzTest} it looks for new ones.
 */
class RequestFuzzTest {
    @FuzzTest(maxDuration = "60s")
    void anyBytesAreReadOrRefused(byte[] body) {
        read(() -> ChatRequest.of(Fields.of(body)));
        read(() -> CompletionRequest.of(Fields.of(body)));
    }

    @FuzzTest(maxDuration = "30s")
    void anyTextIsReadForToolCalls(byte[] text) {
        for (boolean bare : new boolean[]{true, false}) {
            var reader = new ToolCallReader(bare, java.util.Set.of("add"));
            String whole = new String(text, java.nio.charset.StandardCharsets.UTF_8);
            for (int i = 0; i < whole.length(); i++) {
                reader.append(whole.substring(i, i + 1));
            }
            reader.finish();
        }
    }

    private static void read(Runnable parser) {
        try {
            parser.run();
        } catch (ApiException refused) {
            if (refused.status() != 400 || refused.error().message().isBlank()) {
                throw new AssertionError("refused without a sentence", refused);
            }
        }
    }
}
