package dev.attune.server.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConfig.TransactionMode;

/**
 * The SQLite file of a home: write-ahead log, synced at every commit ({@code synchronous=FULL}), so that what a
 * transaction wrote is on disk when it returns. Many readers, one writer at a time. Thread-safe.
 */
public final class Database implements AutoCloseable {
    private final Jdbi jdbi;
    private final Connections connections;
    private final ReentrantLock writing = new ReentrantLock(true);

    private Database(Connections connections) {
        this.connections = connections;
        this.jdbi = Jdbi.create(connections);
    }

    /**
     * Opens the file, making or migrating its tables.
     *
     * @throws ServerException where it cannot be opened, or a newer Attune wrote it
     */
    public static Database open(Path file) {
        var database = new Database(new Connections(file, false));
        try {
            database.write(handle -> Migrations.run(handle, file));
            return database;
        } catch (ServerException e) {
            database.close();
            throw e;
        } catch (RuntimeException e) {
            database.close();
            throw new ServerException("The database " + file + " cannot be opened: " + rootMessage(e)
                    + "; mend or free what it names, or choose another home.", e);
        }
    }

    /** Opens a file to look at it, as it is: no table is made or migrated, and {@link #write} fails. */
    public static Database look(Path file) {
        return new Database(new Connections(file, true));
    }

    /**
     * A number that is another one after each commit, whichever process made it: while it stays, so does all that was read.
     * Costs some microseconds, where a query costs many times that.
     */
    public long version() {
        return connections.version();
    }

    /** Reads in one snapshot. */
    public <T> T read(Function<Handle, T> work) {
        return jdbi.withHandle(work::apply);
    }

    /** Writes in one transaction; on disk when it returns, without a trace when it throws. */
    public <T> T write(Function<Handle, T> work) {
        writing.lock();
        try {
            return jdbi.inTransaction(work::apply);
        } finally {
            writing.unlock();
        }
    }

    /** Writes a copy of the whole database as it is at one moment; readers and the writer go on. */
    public void copyTo(Path file) {
        jdbi.useHandle(handle -> handle.execute("vacuum into ?", file.toString()));
    }

    @Override
    public void close() {
        writing.lock();
        try {
            connections.closeAll();
        } finally {
            writing.unlock();
        }
    }

    private static String rootMessage(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }

    /** Open connections, kept for reuse: making one costs about a millisecond, and there are never more than threads. */
    private static final class Connections implements ConnectionFactory {
        private final String url;
        private final SQLiteConfig config = new SQLiteConfig();
        private final ConcurrentLinkedDeque<Connection> idle = new ConcurrentLinkedDeque<>();
        private final ReentrantLock watching = new ReentrantLock();
        private @Nullable PreparedStatement watch;
        private volatile boolean closed;

        Connections(Path file, boolean readOnly) {
            url = "jdbc:sqlite:" + file;
            config.setBusyTimeout(10_000);
            if (readOnly) {
                config.setReadOnly(true);
                return;
            }
            config.setJournalMode(JournalMode.WAL);
            config.setSynchronous(SynchronousMode.FULL);
            config.setTransactionMode(TransactionMode.IMMEDIATE);
            config.enforceForeignKeys(true);
        }

        @Override
        public Connection openConnection() throws SQLException {
            @Nullable
            Connection pooled = idle.pollFirst();
            return pooled == null ? config.createConnection(url) : pooled;
        }

        @Override
        public void closeConnection(Connection connection) throws SQLException {
            if (closed || idle.size() >= 8) {
                connection.close();
            } else {
                idle.addFirst(connection);
            }
        }

        /** SQLite's {@code data_version} on a connection that never writes: it changes with every other one's commits. */
        long version() {
            watching.lock();
            try {
                PreparedStatement version = watch;
                if (version == null) {
                    version = config.createConnection(url).prepareStatement("pragma data_version");
                    watch = version;
                }
                try (ResultSet row = version.executeQuery()) {
                    if (!row.next()) {
                        throw new SQLException("'pragma data_version' gave nothing");
                    }
                    return row.getLong(1);
                }
            } catch (SQLException e) {
                throw new ConnectionException(e);
            } finally {
                watching.unlock();
            }
        }

        void closeAll() {
            closed = true;
            watching.lock();
            try {
                if (watch != null) {
                    watch.getConnection().close();
                }
            } catch (SQLException e) {
                // The write-ahead log is recovered at the next start.
            } finally {
                watching.unlock();
            }
            for (Connection next = idle.pollFirst(); next != null; next = idle.pollFirst()) {
                try {
                    next.close();
                } catch (SQLException e) {
                    // The write-ahead log is recovered at the next start.
                }
            }
        }
    }
}
