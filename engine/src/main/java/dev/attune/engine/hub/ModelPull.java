package dev.attune.engine.hub;

import dev.attune.engine.DurableFiles;
import dev.attune.engine.EngineException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/**
 * Brings a base model from a hub into a folder. It is gathered in {@code FOLDER.partial} beside its place and renamed when
 * all of it is there and every checksum fits; asking again goes on where an earlier attempt ended, as long as the hub has
 * the same commit. A broken connection or a busy hub is tried again, later each time.
 */
public final class ModelPull {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][\\w.-]*(/[A-Za-z0-9][\\w.-]*)?");
    private static final String COMMIT = ".commit";
    private static final int FIRST_TRIES = 3;
    private static final int MOST_TRIES = 6;
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(2);

    private final HubEndpoint hub;
    private final String model;
    private final String revision;
    private final Waits waits;

    /**
     * What is told while it runs.
     *
     * @see #bytes
     */
    @FunctionalInterface
    public interface Progress {
        /**
         * Some bytes are there.
         *
         * @param file that is being fetched
         * @param done bytes of all files that are on the disk
         * @param total bytes of all files, as far as the hub says their sizes
         */
        void bytes(String file, long done, long total);
    }

    /**
     * How long is waited.
     *
     * @param first before the second attempt; twice as long before each further one
     * @param silence after which a connection that gives nothing counts as broken
     */
    record Waits(Duration first, Duration silence) {}

    /**
     * @param model {@code ORG/NAME}
     * @param revision a branch, a tag or a commit
     * @throws EngineException where the name is not one of a model
     */
    public ModelPull(HubEndpoint hub, String model, String revision) {
        this(hub, model, revision, new Waits(Duration.ofSeconds(1), Duration.ofSeconds(60)));
    }

    ModelPull(HubEndpoint hub, String model, String revision, Waits waits) {
        if (!NAME.matcher(model).matches() || model.contains("..")) {
            throw new EngineException("\"" + model + "\" is not a model's name; give ORG/NAME as the hub shows it.");
        }
        this.hub = hub;
        this.model = model;
        this.revision = revision;
        this.waits = waits;
    }

    /**
     * Fetches the model.
     *
     * @param folder new; made with its parents
     * @return the commit that was fetched
     * @throws EngineException where the hub refuses or cannot be reached, a checksum does not fit, or the disk is full
     */
    public String into(Path folder, Progress progress) {
        Path target = folder.toAbsolutePath().normalize();
        if (Files.exists(target)) {
            throw new EngineException(target + " exists already; give --out another folder, or remove it.");
        }
        Path aside = target.resolveSibling(target.getFileName() + DurableFiles.PARTIAL);
        try (var client = new HubClient(hub, model, revision)) {
            HubListing listing = attempts(client::listing, () -> 0L, FIRST_TRIES);
            List<HubFile> files = listing.needed(model);
            prepare(aside, listing.commit());
            List<FileDownload> downloads = files.stream()
                    .map(file -> new FileDownload(client, listing.commit(), file, aside, waits.silence())).toList();
            requireRoom(aside, files, downloads);
            fetch(files, downloads, progress);
            Files.deleteIfExists(aside.resolve(COMMIT));
            DurableFiles.publishTree(aside, target);
            return listing.commit();
        } catch (IOException e) {
            throw new EngineException(target + " cannot be written: " + e.getMessage()
                    + "; give --out a folder that this user may write to.", e);
        }
    }

    /** What an earlier attempt left counts only if it is of the same commit. */
    private static void prepare(Path aside, String commit) throws IOException {
        Path known = aside.resolve(COMMIT);
        if (Files.isDirectory(aside) && !(Files.isRegularFile(known) && Files.readString(known).equals(commit))) {
            DurableFiles.deleteTree(aside);
        }
        Files.createDirectories(aside);
        DurableFiles.write(known, commit.getBytes(StandardCharsets.UTF_8));
    }

    private void requireRoom(Path aside, List<HubFile> files, List<FileDownload> downloads) throws IOException {
        long missing = 0;
        for (int i = 0; i < files.size(); i++) {
            missing += Math.max(0, files.get(i).size() - downloads.get(i).present());
        }
        long room = Files.getFileStore(aside).getUsableSpace();
        if (missing > room) {
            throw new EngineException("The disk has no room for " + model + ": " + (missing >> 20)
                    + " MiB are missing, and " + (room >> 20)
                    + " MiB are free; make room, or give --out a folder on another disk.");
        }
    }

    private void fetch(List<HubFile> files, List<FileDownload> downloads, Progress progress) throws IOException {
        long total = files.stream().mapToLong(file -> Math.max(0, file.size())).sum();
        long before = 0;
        for (int i = 0; i < files.size(); i++) {
            HubFile file = files.get(i);
            FileDownload download = downloads.get(i);
            long start = before;
            if (!download.isDone()) {
                again(() -> {
                    download.run(bytes -> progress.bytes(file.path(), start + bytes, Math.max(total, start + bytes)));
                    return true;
                }, download);
            }
            before += download.present();
        }
    }

    /** Something that a hub is asked for. */
    private interface Request<T> {
        T run() throws IOException;
    }

    private void again(Request<Boolean> request, FileDownload download) {
        attempts(request, () -> {
            try {
                return download.present();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }, MOST_TRIES);
    }

    /** Tries until it works, or so many times in a row brought nothing new. */
    private <T> T attempts(Request<T> request, LongSupplier present, int most) {
        long had = present.getAsLong();
        boolean wrong = false;
        for (int tries = 1;; tries++) {
            try {
                return request.run();
            } catch (FileDownload.Wrong e) {
                if (wrong) {
                    throw new EngineException(
                            e.getMessage() + ", twice: its checksum is another one. Ask again later, or"
                                    + " see what stands between this machine and " + hub + ".",
                            e);
                }
                wrong = true;
            } catch (IOException e) {
                long has = present.getAsLong();
                tries = has > had ? 1 : tries;
                had = Math.max(had, has);
                if (tries >= most || isHopeless(e)) {
                    throw failed(e);
                }
                pause(tries, e instanceof HubClient.Busy busy ? busy.wished() : Duration.ZERO);
            }
        }
    }

    private static boolean isHopeless(IOException e) {
        return e instanceof UnknownHostException;
    }

    private EngineException failed(IOException e) {
        boolean network = isHopeless(e) || e instanceof ConnectException || e instanceof HttpConnectTimeoutException;
        String kept = "; what has come is kept, ask again to go on.";
        return new EngineException(network
                ? hub + " cannot be reached (" + e.getMessage()
                        + "); see that this machine has a network and HF_ENDPOINT"
                        + " is right" + kept
                : model + " could not be fetched from " + hub + ": " + e.getMessage() + kept, e);
    }

    private void pause(int tries, Duration wished) {
        Duration own = waits.first().multipliedBy(1L << Math.min(tries - 1, 6));
        Duration wait = wished.compareTo(own) > 0 ? wished : own;
        try {
            Thread.sleep(wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EngineException("The download was interrupted; ask again to go on with it.", e);
        }
    }
}
