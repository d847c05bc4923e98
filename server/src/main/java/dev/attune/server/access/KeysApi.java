package dev.attune.server.access;

import dev.attune.server.protocol.ApiError;
import dev.attune.server.protocol.ApiException;
import dev.attune.server.protocol.Caller;
import dev.attune.server.protocol.Fields;
import dev.attune.server.protocol.KeyRole;
import dev.attune.server.protocol.Request;
import dev.attune.server.protocol.Response;
import dev.attune.server.protocol.Route;
import dev.attune.server.protocol.UnknownKeys;
import dev.attune.server.protocol.Wire;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code /attune/v1/keys}: make, list and revoke keys; for holders of the role admin, within their organization. */
public final class KeysApi {
    private static final int MAX_BODY_BYTES = 64 << 10;
    private static final String KEYS = "/attune/v1/keys";

    private final KeyStore keys;

    public KeysApi(KeyStore keys) {
        this.keys = keys;
    }

    /** A key; its secret stands in the answer that makes it, and nowhere else. */
    record KeyObject(String id, String object, long createdAt, @Nullable Long revokedAt, String name,
            String organization, String role, String shown, @Nullable String secret) implements Wire {
        static KeyObject of(Key key, @Nullable String secret) {
            return new KeyObject(key.id(), "attune.key", key.createdAt(), key.revokedAt(), key.name(),
                    key.organization(), key.role().wire(), key.shown(), secret);
        }
    }

    public List<Route> routes() {
        return List.of(Route.post(KEYS, this::create).needing(KeyRole.ADMIN),
                Route.get(KEYS, request -> Response.of(new Wire.Listing<>("list", keys
                        .all(Caller.now().organization()).stream().map(key -> KeyObject.of(key, null)).toList(),
                        false))).needing(KeyRole.ADMIN),
                Route.delete(KEYS + "/{key}", this::revoke).needing(KeyRole.ADMIN));
    }

    private Response create(Request request) throws IOException {
        Fields body = request.fields(MAX_BODY_BYTES);
        UnknownKeys.refuse(body, Set.of("name", "organization", "role"));
        String name = body.required("name");
        String role = body.text("role", KeyRole.USE.wire());
        String own = Caller.now().organization();
        String organization = body.text("organization", own);
        if (name.isBlank() || name.length() > 64) {
            throw ApiException.badRequest("Invalid 'name': expected 1 to 64 characters.", "name");
        }
        if (!organization.matches("[a-z0-9-]{0,64}")) {
            throw ApiException.badRequest("Invalid 'organization': expected at most 64 lower-case letters, digits or"
                    + " hyphens.", "organization");
        }
        if (!own.isEmpty() && !own.equals(organization)) {
            throw new ApiException(403, ApiError.invalidRequest("Keys of other organizations than '" + own
                    + "' cannot be made with this key.", "organization", "insufficient_permissions"));
        }
        KeyRole wanted = KeyRole.of(role).orElseThrow(() -> ApiException.badRequest("Invalid value: '" + role
                + "'. Supported values are: 'use', 'train', and 'admin'.", "role", "invalid_value"));
        KeyStore.Made made = keys.create(name, organization, wanted);
        return Response.of(KeyObject.of(made.key(), made.secret()));
    }

    private Response revoke(Request request) {
        String id = request.part("key");
        Key key = keys.revoke(id, Caller.now().organization()).orElseThrow(() -> ApiException
                .notFound("There is no key " + id + " that is in use.", "key", "key_not_found"));
        return Response.of(KeyObject.of(key, null));
    }
}
