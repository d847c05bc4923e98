package dev.attune.engine.train;

import dev.attune.engine.EngineException;
import dev.attune.engine.config.LoraConfig;
import dev.attune.engine.config.ModelConfig;
import dev.attune.engine.config.ModelLayout;
import dev.attune.engine.model.AdapterLayout;
import dev.attune.engine.model.WeightsReader;
import dev.attune.engine.tensor.Parameters;
import dev.attune.engine.tensor.Safetensors;

import dev.attune.text.ChatEncoder;
import dev.attune.text.ChatTemplate;
import dev.attune.text.HuggingFaceTokenizer;
import dev.attune.text.TextException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Whether a model directory will load and can be tuned. Everything is looked at that training would look at, and all that
 * is in the way is told at once.
 *
 * @param directory the model
 * @param facts what the model is, where its configuration can be read
 * @param problems what is in the way, a sentence each
 * @param remarks what is good to know, a sentence each
 */
public record ModelCheck(Path directory, Optional<Facts> facts, List<String> problems, List<String> remarks) {
    private static final int TOLD = 10;
    /** Some published tokenizers have a few marks that the text model never sees; more means another tokenizer. */
    private static final int STRAY_TOKENS = 256;

    /**
     * What a model is.
     *
     * @param family {@code model_type} of its family
     * @param parameters how many numbers its weights are
     * @param context longest sequence in tokens
     * @param storedAs types of the stored numbers, such as {@code BF16}
     * @param adapterParameters how many numbers are trained
     * @param memory what it takes here
     */
    public record Facts(String family, long parameters, int layers, int hiddenSize, int vocabularySize, int context,
            String storedAs, long adapterParameters, MemoryEstimate memory) {}

    public ModelCheck {
        problems = List.copyOf(problems);
        remarks = List.copyOf(remarks);
    }

    /** Whether nothing is in the way. */
    public boolean passes() {
        return problems.isEmpty();
    }

    /**
     * Looks at a directory; reads all its weights once. What tuning takes is said of {@link AutoHyperparameters#adapter}.
     *
     * @param memoryBytes memory of the machine
     */
    public static ModelCheck of(Path directory, long memoryBytes) {
        return new Inspection(directory, memoryBytes).inspect();
    }

    private static final class Inspection {
        private final Path directory;
        private final long memoryBytes;
        private final List<String> problems = new ArrayList<>();
        private final List<String> remarks = new ArrayList<>();

        Inspection(Path directory, long memoryBytes) {
            this.directory = directory;
            this.memoryBytes = memoryBytes;
        }

        ModelCheck inspect() {
            Optional<ModelConfig> config = Optional.empty();
            Optional<Facts> facts = Optional.empty();
            if (!Files.isDirectory(directory)) {
                problems.add("There is no directory " + directory + "; give one in Hugging Face layout.");
                return new ModelCheck(directory, facts, problems, remarks);
            }
            try {
                config = Optional.of(ModelConfig.read(directory));
            } catch (EngineException e) {
                problems.add(String.valueOf(e.getMessage()));
            }
            String storedAs = config.map(this::weights).orElse("");
            config.ifPresentOrElse(this::text, () -> text(Integer.MAX_VALUE));
            facts = config.map(known -> facts(known, storedAs));
            facts.ifPresent(this::memory);
            return new ModelCheck(directory, facts, problems, remarks);
        }

        private String weights(ModelConfig config) {
            try (Safetensors files = Safetensors.openModel(directory)) {
                Parameters.Layout layout = new ModelLayout(config).parameters();
                var misfits = new ArrayList<>(WeightsReader.misfits(directory, config, layout, files));
                var types = new TreeSet<String>();
                for (Parameters.Slot slot : layout.slots()) {
                    WeightsReader.stored(slot.name(), config, files).ifPresent(name -> {
                        types.add(files.dataType(name));
                        if (!files.isFinite(name)) {
                            misfits.add(directory + ": tensor " + name
                                    + " holds NaN or infinite numbers; download the model's weights again.");
                        }
                    });
                }
                problems.addAll(misfits.stream().limit(TOLD).toList());
                if (misfits.size() > TOLD) {
                    problems.add("And " + (misfits.size() - TOLD) + " more tensors do not fit.");
                }
                return String.join(", ", types);
            } catch (EngineException e) {
                problems.add(String.valueOf(e.getMessage()));
                return "";
            }
        }

        private void text(ModelConfig config) {
            text(config.vocabularySize());
        }

        private void text(int rows) {
            boolean template = works(() -> ChatTemplate.load(directory));
            boolean tokenizer = works(() -> HuggingFaceTokenizer.open(directory).close());
            if (template && tokenizer) {
                works(() -> together(rows));
            }
        }

        /** Tells what goes wrong. */
        private boolean works(Runnable look) {
            try {
                look.run();
                return true;
            } catch (TextException e) {
                problems.add(String.valueOf(e.getMessage()));
                return false;
            }
        }

        private void together(int rows) {
            try (ChatEncoder encoder = ChatEncoder.open(directory)) {
                int tokens = encoder.tokenizer().vocabularySize();
                if (tokens > rows + (long) STRAY_TOKENS) {
                    problems.add("The tokenizer has " + tokens + " tokens, but the embedding " + rows
                            + " rows: take tokenizer.json and weights from the same model.");
                } else if (tokens > rows) {
                    remarks.add("The tokenizer has " + tokens + " tokens, the embedding " + rows
                            + " rows; rows of data that use a token beyond them are refused.");
                }
                if (encoder.stopTokens().isEmpty()) {
                    problems.add(directory + " names no token that ends an answer; name an eos_token in"
                            + " tokenizer_config.json.");
                }
            }
        }

        private Facts facts(ModelConfig config, String storedAs) {
            LoraConfig lora = AutoHyperparameters.adapter(config);
            long adapter = new AdapterLayout(lora, config).parameters().size();
            return new Facts(config.family().modelType(), config.parameterCount(), config.layers(),
                    config.hiddenSize(), config.vocabularySize(), config.maxPositions(), storedAs, adapter,
                    MemoryEstimate.of(config, lora, Runtime.getRuntime().availableProcessors()));
        }

        private void memory(Facts facts) {
            if (facts.memory().weights() > memoryBytes) {
                problems.add("The weights take " + mebibytes(facts.memory().weights())
                        + " of memory as 32-bit floats, but this machine has " + mebibytes(memoryBytes)
                        + "; take a smaller model or a larger machine.");
            } else if (facts.memory().tightTuning() > memoryBytes) {
                problems.add("Tuning takes up to about " + mebibytes(facts.memory().tightTuning())
                        + " of memory even where little is kept, but this machine has " + mebibytes(memoryBytes)
                        + "; take a smaller model, shorter examples or a larger machine.");
            }
        }

        private static String mebibytes(long bytes) {
            return String.format(java.util.Locale.ROOT, "%,d MiB", bytes >> 20);
        }
    }
}
