package dev.attune.text;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingRegistry;
import com.knuddels.jtokkit.api.EncodingType;
import com.knuddels.jtokkit.api.IntArrayList;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The tokenizer of a model that OpenAI hosts, for counting what it would be billed: tiktoken's encodings.
 *
 * <p>Special tokens in the text are recognised, which tiktoken refuses unless told to. Holds no native memory; closing does
 * nothing. Thread-safe.
 */
public final class OpenAiTokenizer implements Tokenizer {
    private static final EncodingRegistry REGISTRY = Encodings.newLazyEncodingRegistry();

    /** One of tiktoken's encodings: its ranks, how many ids are below their end, the ids in all, and its special tokens. */
    private enum Kind {
        O200K_BASE(EncodingType.O200K_BASE, 199_998, 200_019,
                Map.of("<|endoftext|>", 199_999, "<|endofprompt|>", 200_018)),
        O200K_HARMONY(EncodingType.O200K_BASE, 199_998, 201_088, harmony()),
        CL100K_BASE(EncodingType.CL100K_BASE, 100_256, 100_277,
                Map.of("<|endoftext|>", 100_257, "<|fim_prefix|>", 100_258,
                        "<|fim_middle|>", 100_259, "<|fim_suffix|>", 100_260, "<|endofprompt|>", 100_276)),
        P50K_BASE(EncodingType.P50K_BASE, 50_281, 50_281, Map.of("<|endoftext|>", 50_256)),
        P50K_EDIT(EncodingType.P50K_BASE, 50_281, 50_284, Map.of("<|endoftext|>", 50_256, "<|fim_prefix|>", 50_281,
                "<|fim_middle|>", 50_282, "<|fim_suffix|>", 50_283)),
        R50K_BASE(EncodingType.R50K_BASE, 50_256, 50_257, Map.of("<|endoftext|>", 50_256));

        final EncodingType ranks;
        final int ranked;
        final int size;
        final Map<String, Integer> special;

        Kind(EncodingType ranks, int ranked, int size, Map<String, Integer> special) {
            this.ranks = ranks;
            this.ranked = ranked;
            this.size = size;
            this.special = special;
        }
    }

    private static Map<String, Integer> harmony() {
        var special = new HashMap<String, Integer>();
        for (int id = 200_000; id < 201_088; id++) {
            special.put("<|reserved_" + id + "|>", id);
        }
        Map.of("<|startoftext|>", 199_998, "<|endoftext|>", 199_999, "<|return|>", 200_002, "<|constrain|>", 200_003,
                "<|channel|>", 200_005, "<|start|>", 200_006, "<|end|>", 200_007, "<|message|>", 200_008, "<|call|>",
                200_012, "<|endofprompt|>", 200_018).forEach((token, id) -> {
                    special.remove("<|reserved_" + id + "|>");
                    special.put(token, id);
                });
        return special;
    }

    /** A model, or the beginning of its name where it ends with {@code *}, and its encoding; the first that fits counts. */
    private record Rule(String model, Kind kind) {
        boolean fits(String name) {
            return model.endsWith("*") ? name.startsWith(model.substring(0, model.length() - 1)) : name.equals(model);
        }
    }

    private static final List<Rule> RULES = rules();

    private static List<Rule> rules() {
        var rules = new ArrayList<Rule>();
        add(rules, Kind.O200K_HARMONY, "gpt-oss-*");
        add(rules, Kind.CL100K_BASE, "gpt-4", "gpt-4-*", "gpt-3.5*", "gpt-35-turbo*", "davinci-002", "babbage-002",
                "text-embedding-ada-002", "text-embedding-3-*");
        add(rules, Kind.P50K_EDIT, "text-davinci-edit-001", "code-davinci-edit-001");
        add(rules, Kind.P50K_BASE, "text-davinci-002", "text-davinci-003", "code-*", "davinci-codex", "cushman-codex");
        add(rules, Kind.R50K_BASE, "text-davinci-001", "text-curie-001", "text-babbage-001", "text-ada-001", "davinci",
                "curie", "babbage", "ada", "text-similarity-*", "text-search-*", "gpt2", "gpt-2");
        return List.copyOf(rules);
    }

    private static void add(List<Rule> rules, Kind kind, String... models) {
        for (String model : models) {
            rules.add(new Rule(model, kind));
        }
    }

    private final Kind kind;
    private final Encoding encoding;
    private final Pattern special;
    private final Map<Integer, String> specialById = new HashMap<>();

    private OpenAiTokenizer(Kind kind) {
        this.kind = kind;
        encoding = REGISTRY.getEncoding(kind.ranks);
        special = Pattern.compile(kind.special.keySet().stream().map(Pattern::quote).collect(Collectors.joining("|")));
        kind.special.forEach((token, id) -> specialById.put(id, token));
    }

    /**
     * The tokenizer of a model by its name. A fine-tuned model ({@code ft:base:…}) has that of its base. A name that is not
     * known is taken for a newer one: {@code o200k_base}.
     */
    public static OpenAiTokenizer forModel(String model) {
        String name = model;
        if (name.startsWith("ft:")) {
            int end = name.indexOf(':', 3);
            name = end < 0 ? name.substring(3) : name.substring(3, end);
        }
        String base = name;
        return new OpenAiTokenizer(RULES.stream().filter(rule -> rule.fits(base)).map(Rule::kind).findFirst().orElse(
                Kind.O200K_BASE));
    }

    /** The name that tiktoken has for the encoding, such as {@code o200k_base}. */
    public String encodingName() {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    /**
     * A counter for many texts on one thread. It counts special tokens as the text they are written with, as OpenAI does with
     * what stands in a message.
     */
    public TokenTally tally() {
        return new TokenTally(encoding, switch (kind.ranks) {
            case O200K_BASE -> new O200kSplitter();
            case CL100K_BASE -> new Cl100kSplitter();
            default -> new Gpt2Splitter();
        });
    }

    @Override
    public int[] encode(String text) {
        String whole = Surrogates.repaired(text);
        var ids = new IntArrayList(whole.length() / 4 + 8);
        Matcher found = special.matcher(whole);
        int from = 0;
        while (found.find()) {
            ordinary(whole.substring(from, found.start()), ids);
            ids.add(kind.special.getOrDefault(found.group(), -1));
            from = found.end();
        }
        ordinary(whole.substring(from), ids);
        return ids.toArray();
    }

    private void ordinary(String text, IntArrayList ids) {
        var part = encoding.encodeOrdinary(text);
        for (int i = 0; i < part.size(); i++) {
            ids.add(part.get(i));
        }
    }

    /** Ids that stand for no token have no text. */
    @Override
    public String decode(int[] ids, boolean skipSpecialTokens) {
        var bytes = new ByteArrayOutputStream();
        var one = new IntArrayList(1);
        for (int id : ids) {
            String token = specialById.get(id);
            if (token != null) {
                bytes.writeBytes(skipSpecialTokens ? new byte[0] : token.getBytes(StandardCharsets.UTF_8));
            } else if (id >= 0 && id < kind.ranked) {
                one.clear();
                one.add(id);
                bytes.writeBytes(encoding.decodeBytes(one));
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Override
    public int vocabularySize() {
        return kind.size;
    }

    /** The id of a special token, or of a text that is one token. */
    @Override
    public int idOf(String token) {
        int[] ids = encode(token);
        return ids.length == 1 ? ids[0] : -1;
    }

    @Override
    public void close() {
        // nothing is held
    }
}
