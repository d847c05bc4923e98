package dev.attune.server.http;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.AbstractLifeCycle;

/**
 * Closes connections whose first request does not come: a client that sends its headers byte by byte is never idle, and
 * would otherwise keep its place for ever.
 */
final class SlowStart extends AbstractLifeCycle {
    private final ServerConnector connector;
    private final long patienceMillis;

    SlowStart(ServerConnector connector, Duration patience) {
        this.connector = connector;
        this.patienceMillis = patience.toMillis();
    }

    @Override
    protected void doStart() {
        again();
    }

    private void again() {
        var unused = connector.getScheduler().schedule(this::look, Math.max(100, patienceMillis / 4),
                TimeUnit.MILLISECONDS);
    }

    private void look() {
        long now = System.currentTimeMillis();
        for (EndPoint endPoint : connector.getConnectedEndPoints()) {
            Connection connection = endPoint.getConnection();
            boolean late = now - endPoint.getCreatedTimeStamp() > patienceMillis;
            if (late && connection != null && connection.getMessagesIn() == 0) {
                endPoint.close();
            }
        }
        if (isRunning()) {
            again();
        }
    }
}
