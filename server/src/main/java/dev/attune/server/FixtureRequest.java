package dev.attune.server;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request of an SDK's suite, with the parts left out that only fill a place: {@code after=after}, {@code limit=0}.
 *
 * @param changed the body instead of the one that was sent; null for that one
 */
record FixtureRequest(Request sent, byte @Nullable [] changed) implements Request {
    @Override
    public String id() {
        return sent.id();
    }

    @Override
    public String part(String name) {
        String part = sent.part(name);
        // The suites list the permissions of a job's identifier.
        return name.equals("checkpoint") && part.equals(FixtureStore.JOB) ? FixtureStore.CHECKPOINT : part;
    }

    @Override
    public Map<String, List<String>> query() {
        Map<String, List<String>> query = new HashMap<>(sent.query());
        if (sent.query("after").equals("after")) {
            query.remove("after");
        }
        if (sent.query("limit").equals("0")) {
            query.remove("limit");
        }
        return query;
    }

    @Override
    public String header(String name) {
        return sent.header(name);
    }

    @Override
    public long contentLength() {
        return changed == null ? sent.contentLength() : changed.length;
    }

    @Override
    public ClientWatch watchClient() {
        return sent.watchClient();
    }

    @Override
    public InputStream body() {
        return changed == null ? sent.body() : new ByteArrayInputStream(changed);
    }
}
