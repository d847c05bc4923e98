package dev.attune.server.protocol;

/** Whether the client of a request is still there. Closed by whoever opens it, before the request is answered. */
public interface ClientWatch extends AutoCloseable {
    /** Of a client that cannot be watched, or that is the server itself. */
    ClientWatch NONE = new ClientWatch() {
        @Override
        public boolean isGone() {
            return false;
        }

        @Override
        public void close() {
            // nothing was watched
        }
    };

    /** Whether it has hung up. */
    boolean isGone();

    @Override
    void close();
}
