package dev.attune.server.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;

class FailuresTest {

    @Test
    void fullDiskIsSaidAsSuch_howeverDeepItLies() {
        var failure = new UncheckedIOException(new IOException("write", new IOException("No space left on device")));

        ApiException answer = Failures.answer(failure, "req_1");

        assertThat(answer.status()).isEqualTo(507);
        assertThat(answer.error().code()).isEqualTo("disk_full");
        assertThat(answer.getMessage()).contains("disk is full");
    }

    @Test
    void unforeseenFailureIsToldByItsRequestIdOnly() {
        ApiException answer = Failures.answer(new IllegalStateException("secret detail"), "req_42");

        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.getMessage()).contains("req_42").doesNotContain("secret");
    }
}
