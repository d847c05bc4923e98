package dev.attune.dataset;

import com.code_intelligence.jazzer.junit.FuzzTest;

/**
 * The strict readers under Jazzer. An ordinary run tries the inputs that lie beside it; with {@code JAZZER_FUZZ=1} and
 * {@code -Dtest=StrictReaderFuzzTest} it looks for new ones by coverage.
 */
class StrictReaderFuzzTest {
    @FuzzTest(maxDuration = "60s")
    void theirPropertiesHoldForAnyBytes(byte[] content) {
        ReaderProperties.check(content);
    }
}
