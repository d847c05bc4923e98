package dev.attune.server.models;

import dev.attune.server.store.Database;
import dev.attune.server.store.ServerException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Looks up tuned models in a home, whether or not a server is using it; nothing is changed. */
public final class TunedModels {
    private static final String DATABASE = "attune.db";

    private TunedModels() {}

    /**
     * A tuned model.
     *
     * @param base the name of its base model
     * @param adapter its PEFT directory
     */
    public record Found(String name, String base, Path adapter) {}

    /** The model of this name. */
    public static Optional<Found> find(Path home, String name) {
        return all(home).stream().filter(model -> model.name().equals(name)).findFirst();
    }

    /**
     * All tuned models, oldest first; none where there is no such home.
     *
     * @throws ServerException where the home cannot be read
     */
    public static List<Found> all(Path home) {
        Path database = home.resolve(DATABASE);
        if (!Files.isRegularFile(database)) {
            return List.of();
        }
        try (Database look = Database.look(database)) {
            return look.read(handle -> handle.createQuery("select name, base, adapter from models order by seq")
                    .map((row, context) -> new Found(row.getString(1), row.getString(2), Path.of(row.getString(3))))
                    .list());
        } catch (RuntimeException e) {
            throw new ServerException("The home " + home + " cannot be read: " + e.getMessage()
                    + "; choose another home, or give the adapter's folder.", e);
        }
    }
}
