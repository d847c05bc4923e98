package dev.attune.pretraining;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes attune-nano's tokenizer: {@code TokenizerMain models/attune-nano}. It was trained on 40,000 lessons of the first
 * curriculum and the word lists; how often each piece stood there is kept, so that a curriculum that grows leaves the
 * tokenizer alone.
 */
public final class TokenizerMain {
    static final int VOCABULARY = 4096;

    private TokenizerMain() {}

    public static void main(String[] args) throws IOException {
        var dir = Path.of(args[0]);
        Files.createDirectories(dir);
        var merges = merges();
        TokenizerFiles.write(dir, merges);
        System.out.println(dir + ": " + (TokenizerFiles.SPECIALS.size() + 256 + merges.size()) + " tokens");
    }

    static List<BpeTrainer.Merge> merges() {
        var trainer = trainer();
        var glue = glue();
        int room = VOCABULARY - TokenizerFiles.SPECIALS.size() - 256 - glue.size();
        var merges = trainer.train(room, glue);
        return merges.size() > room + glue.size() ? merges.subList(0, room + glue.size()) : merges;
    }

    /** The pieces of the lessons and word lists that the tokenizer was trained on, as they were counted then. */
    private static BpeTrainer trainer() {
        var trainer = new BpeTrainer();
        for (String line : Resources.packedLines("tokenizer-pieces.txt.gz")) {
            int space = line.lastIndexOf(' ');
            trainer.addPiece(line.substring(0, space), Long.parseLong(line.substring(space + 1)));
        }
        return trainer;
    }

    /** The words that take the space before them along. */
    static List<String> glue() {
        var words = new ArrayList<String>();
        for (String line : Resources.lines("glue.txt")) {
            for (String word : line.split(" ", -1)) {
                if (!word.contains("'") && !words.contains(word)) {
                    words.add(word);
                }
            }
        }
        return words;
    }
}
