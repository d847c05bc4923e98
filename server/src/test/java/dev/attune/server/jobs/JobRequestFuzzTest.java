package dev.attune.server.jobs;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.attune.server.protocol.ApiException;
import dev.attune.server.protocol.Fields;

/** The parser of requests for jobs under Jazzer: whatever the bytes, a request is read or refused with a sentence. */
class JobRequestFuzzTest {
    @FuzzTest(maxDuration = "30s")
    void anyBytesAreReadOrRefused(byte[] body) {
        try {
            JobRequest.of(Fields.of(body));
        } catch (ApiException refused) {
            if (refused.status() != 400 || refused.error().message().isBlank()) {
                throw new AssertionError("refused without a sentence", refused);
            }
        }
    }
}
