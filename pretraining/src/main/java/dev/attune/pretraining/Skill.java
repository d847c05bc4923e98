package dev.attune.pretraining;

/** One kind of exercise: makes as many different lessons as there are dice. Thread-safe. */
@FunctionalInterface
interface Skill {
    Lesson teach(Dice dice);
}
