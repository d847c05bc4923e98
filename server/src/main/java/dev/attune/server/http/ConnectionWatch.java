package dev.attune.server.http;

import dev.attune.server.protocol.ClientWatch;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;

/**
 * Watches the connection of a request whose body has been read. Jetty does not read while a request is handled, so a
 * client that hangs up is only noticed at the next write, which for an answer in one piece is the last thing that happens.
 * The watch asks to be told when there is something to read: the end of the stream means that the client has gone; bytes
 * are a next request sent early, which is handed back to the connection. Thread-safe.
 */
final class ConnectionWatch implements ClientWatch, Callback {
    private static final int READ_AHEAD = 4096;

    private final ReentrantLock lock = new ReentrantLock();
    private final AbstractEndPoint endPoint;
    private final Connection connection;
    private volatile boolean gone;
    private boolean closed;

    private ConnectionWatch(AbstractEndPoint endPoint, Connection connection) {
        this.endPoint = endPoint;
        this.connection = connection;
    }

    static ClientWatch of(HttpServletRequest request) {
        Connection connection = ServletContextRequest.getServletContextRequest(request).getConnectionMetaData()
                .getConnection();
        EndPoint endPoint = connection.getEndPoint();
        if (endPoint instanceof AbstractEndPoint watchable && connection instanceof Connection.UpgradeTo) {
            var watch = new ConnectionWatch(watchable, connection);
            watchable.tryFillInterested(watch);
            return watch;
        }
        return ClientWatch.NONE;
    }

    @Override
    public boolean isGone() {
        return gone || !endPoint.isOpen();
    }

    /** Something can be read. */
    @Override
    public void succeeded() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            ByteBuffer buffer = BufferUtil.allocate(READ_AHEAD);
            int filled = endPoint.fill(buffer);
            if (filled < 0) {
                gone = true;
            } else if (filled > 0 && connection instanceof Connection.UpgradeTo next) {
                next.onUpgradeTo(buffer);
            } else {
                endPoint.tryFillInterested(this);
            }
        } catch (IOException e) {
            gone = true;
        } finally {
            lock.unlock();
        }
    }

    /** Nothing came for long, as is to be expected of a client that waits; or the connection has broken. */
    @Override
    public void failed(Throwable why) {
        lock.lock();
        try {
            if (!(why instanceof TimeoutException)) {
                gone = true;
            } else if (!closed) {
                endPoint.tryFillInterested(this);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Takes the interest back, so that the connection can read on by itself. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
        endPoint.getFillInterest().fillable();
    }
}
