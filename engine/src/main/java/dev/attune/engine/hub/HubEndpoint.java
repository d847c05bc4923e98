package dev.attune.engine.hub;

import dev.attune.engine.EngineException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Where a hub is, and who asks.
 *
 * @param address without a slash at the end
 * @param token sent to this host only; empty for none
 */
public record HubEndpoint(URI address, String token) {
    private static final String PUBLIC = "https://huggingface.co";

    public HubEndpoint {
        if (address.getHost() == null || !String.valueOf(address.getScheme()).matches("https?")) {
            throw new EngineException("HF_ENDPOINT is " + address + "; give the address of a hub, like " + PUBLIC
                    + ".");
        }
    }

    /** What {@code HF_ENDPOINT} and {@code HF_TOKEN} say; the public hub without the first. */
    public static HubEndpoint of(Map<String, String> environment) {
        String named = environment.getOrDefault("HF_ENDPOINT", "").strip();
        String address = (named.isEmpty() ? PUBLIC : named).replaceAll("/+$", "");
        try {
            return new HubEndpoint(URI.create(address), environment.getOrDefault("HF_TOKEN", "").strip());
        } catch (IllegalArgumentException e) {
            throw new EngineException("HF_ENDPOINT is not an address: " + e.getMessage(), e);
        }
    }

    /** What the hub knows of a model: its commit and its files. */
    URI listing(String model, String revision) {
        return URI.create(address + "/api/models/" + model + "/revision/" + encoded(revision) + "?blobs=true");
    }

    /** A file of a model. */
    URI file(String model, String revision, String path) {
        return URI.create(address + "/" + model + "/resolve/" + encoded(revision) + "/"
                + encoded(path).replace("%2F", "/"));
    }

    /** The page where a person sees the model and accepts its licence. */
    String page(String model) {
        return address + "/" + model;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Without the token. */
    @Override
    public String toString() {
        return address.toString();
    }
}
