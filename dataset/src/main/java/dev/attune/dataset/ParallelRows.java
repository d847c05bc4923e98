package dev.attune.dataset;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/**
 * Reads rows and has them looked at on all cores, while everything is told in the order of the file on the thread that called.
 * What is read and told is what {@link DatasetReader} reads and tells; memory stays bounded.
 */
public final class ParallelRows {
    private static final int CHUNK_BYTES = 1 << 19;
    /** Where no objects are made of rows. */
    private static final int BARE_CHUNK_BYTES = 1 << 21;
    private static final int BATCH_ROWS = 256;
    private static final int BATCH_CHARACTERS = 1 << 18;

    private ParallelRows() {}

    /** What looks at rows. */
    public interface Looker {
        /**
         * Looks at a row that can be trained on; called by several threads at once.
         *
         * @return what takes note of it; run in the order of the file, on the thread that reads
         */
        Runnable look(Row row);

        /** Something wrong; told in the order of the file, on the thread that reads. */
        void problem(Problem problem);

        /** What is content with the numbers of plain rows, which are then not looked at; by default nothing is. */
        default Optional<PlainCounts> numbers() {
            return Optional.empty();
        }
    }

    /**
     * Reads a chat file by the rules of the place where it is to be trained. One that is missing, a directory, or unreadable is a
     * problem, not an exception.
     *
     * @return how many examples the file has, faulty ones included
     */
    public static int read(Path file, FilePart part, RowRules accepted, Looker looker) {
        var reading = new Chunks(file.toString(), accepted, looker);
        StrictLines.open(file, looker::problem, in -> reading.read(in, part));
        return reading.examples;
    }

    /**
     * Reads what something else reads and tells row by row.
     *
     * @param reading reads, and gives how many examples there are
     * @return how many examples there are
     */
    public static int read(ToIntFunction<DatasetReader.Listener> reading, Looker looker) {
        try (var work = new OrderedWork(Runtime.getRuntime().availableProcessors())) {
            var batches = new Batches(work, looker);
            int examples = reading.applyAsInt(batches);
            batches.give();
            work.finish();
            return examples;
        }
    }

    /** What one piece of work has to tell, gathered on its thread. */
    private static final class Gathered implements ChunkRows.Told {
        private final Looker looker;
        private final Optional<PlainCounts> numbers;
        private final List<Runnable> told = new ArrayList<>();
        private Optional<PlainCounts.Batch> open = Optional.empty();

        Gathered(Looker looker, Optional<PlainCounts> numbers) {
            this.looker = looker;
            this.numbers = numbers;
        }

        @Override
        public void row(Row row) {
            add(looker.look(row));
        }

        @Override
        public void problem(Problem problem) {
            add(() -> looker.problem(problem));
        }

        private void add(Runnable one) {
            open = Optional.empty();
            told.add(one);
        }

        @Override
        public PlainCounts.Batch batch() {
            return open.orElseGet(() -> {
                var batch = new PlainCounts.Batch();
                numbers.ifPresent(counts -> told.add(() -> counts.take(batch)));
                open = Optional.of(batch);
                return batch;
            });
        }
    }

    /** A file in pieces of some hundred kilobytes, each of which a thread parses and looks at. */
    private static final class Chunks {
        private final String name;
        private final RowRules rules;
        private final Looker looker;
        private final Optional<PlainCounts> numbers;
        private int examples;
        private int blank;
        private int firstBlank;
        private boolean stopped;

        Chunks(String name, RowRules rules, Looker looker) {
            this.name = name;
            this.rules = rules;
            this.looker = looker;
            this.numbers = looker.numbers();
        }

        void read(InputStream stream, FilePart part) throws IOException {
            var in = new BufferedInputStream(stream, 1 << 16);
            if (StrictLines.isForeign(in, name, looker::problem)) {
                return;
            }
            var readers = ThreadLocal.withInitial(() -> new ChunkRows(name, rules, numbers));
            try (var work = new OrderedWork(Runtime.getRuntime().availableProcessors())) {
                var chunks = new LineChunks(in, numbers.isPresent() ? BARE_CHUNK_BYTES : CHUNK_BYTES);
                for (var chunk = chunks.next(); chunk != null && !stopped; chunk = chunks.next()) {
                    var mine = chunk;
                    work.give(() -> piece(readers.get(), mine));
                }
                work.finish();
            }
            if (!stopped) {
                StrictLines.blank(blank, firstBlank, looker::problem);
                StrictLines.enough(name, examples, part, looker::problem);
            }
        }

        private Runnable piece(ChunkRows reader, LineChunks.Chunk chunk) {
            var gathered = new Gathered(looker, numbers);
            ChunkRows.Result result = reader.read(chunk, gathered);
            return () -> take(gathered, result);
        }

        private void take(Gathered gathered, ChunkRows.Result result) {
            if (stopped) {
                return;
            }
            gathered.told.forEach(Runnable::run);
            examples += result.examples();
            firstBlank = blank == 0 ? result.firstBlank() : firstBlank;
            blank += result.blank();
            stopped = result.stopped();
        }
    }

    /** Rows that come one by one, given on by the hundred. */
    private static final class Batches implements DatasetReader.Listener {
        private final OrderedWork work;
        private final Looker looker;
        private List<Supplier<Runnable>> batch = new ArrayList<>();
        private long characters;

        Batches(OrderedWork work, Looker looker) {
            this.work = work;
            this.looker = looker;
        }

        @Override
        public void row(Row row) {
            characters += row.json().length();
            add(() -> looker.look(row));
        }

        @Override
        public void problem(Problem problem) {
            add(() -> () -> looker.problem(problem));
        }

        private void add(Supplier<Runnable> one) {
            batch.add(one);
            if (batch.size() >= BATCH_ROWS || characters >= BATCH_CHARACTERS) {
                give();
            }
        }

        void give() {
            List<Supplier<Runnable>> given = batch;
            work.give(() -> {
                List<Runnable> told = given.stream().map(Supplier::get).toList();
                return () -> told.forEach(Runnable::run);
            });
            batch = new ArrayList<>();
            characters = 0;
        }
    }
}
