package dev.attune.server.protocol;

/**
 * Who sends a request, bound to the thread that handles it. Stores ask for it where they look something up or make it, so
 * that no organization meets what is another's. Work in the background is done for the organization that ordered it.
 *
 * @param organization owns what the caller makes; empty for the server itself and on a server without keys
 * @param role what the caller may do
 * @param key the identifier of its key, for logs and limits; empty without one
 */
public record Caller(String organization, KeyRole role, String key) {
    public static final ScopedValue<Caller> NOW = ScopedValue.newInstance();
    /** A caller of a server that asks for no key, and the server itself. */
    public static final Caller ANYONE = new Caller("", KeyRole.ADMIN, "");

    public Caller {
        if (!organization.matches("[a-z0-9-]{0,64}")) {
            throw new IllegalArgumentException("not an organization: " + organization);
        }
    }

    /** Who is being served; {@link #ANYONE} where nobody is. */
    public static Caller now() {
        return NOW.isBound() ? NOW.get() : ANYONE;
    }

    /** Does work for an organization. */
    public static <X extends Exception> void actingFor(String organization, Work<X> work) throws X {
        ScopedValue.where(NOW, new Caller(organization, KeyRole.ADMIN, "")).call(() -> {
            work.run();
            return true;
        });
    }

    /** What is done for an organization. */
    public interface Work<X extends Exception> {
        void run() throws X;
    }

    /** The slug in names: the caller's organization, or another where it has none. */
    public String slug(String otherwise) {
        return organization.isEmpty() ? otherwise : organization;
    }

    /**
     * The condition by which a query finds only what the caller may see, to be put after others; empty where it may see
     * all. An organization's name holds nothing that would have to be escaped.
     */
    public String restriction(String column) {
        return organization.isEmpty() ? "" : " and " + column + " = '" + organization + "'";
    }
}
