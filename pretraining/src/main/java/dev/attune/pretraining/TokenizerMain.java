package dev.attune.pretraining;

import dev.attune.pretraining.Lesson.Exchange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Makes attune-nano's tokenizer: {@code TokenizerMain models/attune-nano}. The result depends on the code and its word lists alone. */
public final class TokenizerMain {
    static final int VOCABULARY = 4096;
    private static final long SEED = 20_261_120;
    private static final int LESSONS = 40_000;

    private TokenizerMain() {}

    public static void main(String[] args) throws IOException {
        var dir = Path.of(args[0]);
        Files.createDirectories(dir);
        var merges = merges();
        TokenizerFiles.write(dir, merges);
        System.out.println(dir + ": " + (TokenizerFiles.SPECIALS.size() + 256 + merges.size()) + " tokens");
    }

    static List<BpeTrainer.Merge> merges() {
        var trainer = new BpeTrainer();
        for (int i = 0; i < LESSONS; i++) {
            var dice = new Dice(SEED, i, false);
            String skill = dice.pick(Curriculum.skills());
            switch (Curriculum.lesson(skill, dice)) {
                case Lesson.Prose(String text) -> trainer.add(text, 1);
                case Lesson.Talk(String system, List<Exchange> exchanges) -> {
                    trainer.add(system, 1);
                    exchanges.forEach(exchange -> {
                        trainer.add(exchange.user(), 1);
                        trainer.add(exchange.assistant(), 1);
                    });
                }
            }
        }
        var lexicon = Lexicon.english();
        for (String name : lexicon.names()) {
            long weight = name.equals("vocabulary") ? 60 : 150;
            lexicon.words(name).forEach(word -> trainer.add(word, weight));
            lexicon.words(name).forEach(word -> trainer
                    .add(word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1), weight / 10));
        }
        var glue = glue();
        glue.forEach(word -> trainer.add(word, 1000));
        trainer.add("system user assistant tool € £ é ü ö ä ß – — ’ “ ” … ° ñ ç è á í ó ú →", 2000);
        int room = VOCABULARY - TokenizerFiles.SPECIALS.size() - 256 - glue.size();
        var merges = trainer.train(room, glue);
        return merges.size() > room + glue.size() ? merges.subList(0, room + glue.size()) : merges;
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
