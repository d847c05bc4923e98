package dev.attune.server;

/**
 * Who sends a request, bound to the thread that handles it. Stores ask for it where they look something up or make it, so
 * that no organization meets what is another's. Outside of requests, where the server works for itself, there is none.
 *
 * @param organization owns what the caller makes; empty on a server without keys, where everything is everyone's
 * @param role what the caller may do
 * @param key the identifier of its key, for logs and limits; empty without one
 */
record Caller(String organization, KeyRole role, String key) {
    static final ScopedValue<Caller> NOW = ScopedValue.newInstance();
    /** A caller of a server that asks for no key. */
    static final Caller ANYONE = new Caller("", KeyRole.ADMIN, "");

    /** Who is being served; {@link #ANYONE} outside of requests. */
    static Caller now() {
        return NOW.isBound() ? NOW.get() : ANYONE;
    }

    /** Whether the caller may see what an organization owns; the owner of all keys sees everything. */
    boolean sees(String owner) {
        return organization.isEmpty() || organization.equals(owner);
    }
}
