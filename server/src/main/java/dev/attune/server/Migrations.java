package dev.attune.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * The steps that bring the tables of a home from one version to the next: numbered SQL scripts beside this class, each
 * applied once and written down in {@code schema_version}. Never edited after a release; a change is a new script.
 */
final class Migrations {
    private static final List<String> SCRIPTS = List.of("schema/V001__files_jobs_models.sql",
            "schema/V002__repeated_creates.sql");

    private Migrations() {}

    /**
     * Applies what is missing; part of the caller's transaction, so a script is applied whole or not at all.
     *
     * @return how many scripts ran
     * @throws ServerException where the file was written by a newer Attune
     */
    static int run(Handle handle, Path file) {
        handle.execute("create table if not exists schema_version ("
                + "version integer primary key, script text not null, applied_at integer not null)");
        int version = handle.createQuery("select coalesce(max(version), 0) from schema_version").mapTo(Integer.class)
                .one();
        if (version > SCRIPTS.size()) {
            throw new ServerException("The database " + file + " has schema version " + version
                    + ", and this Attune knows only " + SCRIPTS.size() + "; use the newer Attune that wrote it.");
        }
        for (int next = version; next < SCRIPTS.size(); next++) {
            for (String statement : read(SCRIPTS.get(next)).split(";\\s*\n")) {
                if (!statement.isBlank()) {
                    handle.execute(statement);
                }
            }
            handle.execute("insert into schema_version values (?, ?, ?)", next + 1, SCRIPTS.get(next),
                    Times.nowSeconds());
        }
        return SCRIPTS.size() - version;
    }

    private static String read(String script) {
        try (InputStream in = Migrations.class.getResourceAsStream(script)) {
            if (in == null) {
                throw new IllegalStateException(script + " is missing from the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
