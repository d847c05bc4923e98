package dev.attune.server.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * The steps that bring the tables of a home from one version to the next: numbered SQL scripts beside this class, each
 * applied once and written down in {@code schema_version}. Never edited after a release; a change is a new script.
 */
final class Migrations {
    private static final List<String> SCRIPTS = List.of("schema/V001__files_jobs_models.sql",
            "schema/V002__repeated_creates.sql", "schema/V003__job_life.sql", "schema/V004__uploads.sql",
            "schema/V005__checkpoint_permissions.sql", "schema/V006__batches.sql", "schema/V007__webhooks.sql",
            "schema/V008__adapter_settings.sql",
            "schema/V010__stored_completions.sql", "schema/V011__keys_and_organizations.sql",
            "schema/V020__training_settings.sql", "schema/V030__ends_before_a_webhook.sql");

    private Migrations() {}

    /**
     * Applies what is missing; part of the caller's transaction, so a script is applied whole or not at all. Versions
     * may have gaps, and a script with a lower number can come later than one with a higher.
     *
     * @return how many scripts ran
     * @throws ServerException where the file was written by a newer Attune
     */
    static int run(Handle handle, Path file) {
        handle.execute("create table if not exists schema_version ("
                + "version integer primary key, script text not null, applied_at integer not null)");
        Set<Integer> applied = handle.createQuery("select version from schema_version").mapTo(Integer.class).set();
        Set<Integer> known = SCRIPTS.stream().map(Migrations::version).collect(Collectors.toSet());
        for (int version : applied) {
            if (!known.contains(version)) {
                throw new ServerException("The database " + file + " has schema version " + version
                        + ", which this Attune does not know; use the newer Attune that wrote it.");
            }
        }
        int ran = 0;
        for (String script : SCRIPTS) {
            if (!applied.contains(version(script))) {
                apply(handle, script);
                ran++;
            }
        }
        return ran;
    }

    private static void apply(Handle handle, String script) {
        for (String statement : read(script).split(";\\s*\n")) {
            if (!statement.isBlank()) {
                handle.execute(statement);
            }
        }
        handle.execute("insert into schema_version values (?, ?, ?)", version(script), script, Times.nowSeconds());
    }

    /** The number in {@code schema/V003__name.sql}. */
    private static int version(String script) {
        int from = script.indexOf("/V") + 2;
        return Integer.parseInt(script.substring(from, script.indexOf("__")));
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
