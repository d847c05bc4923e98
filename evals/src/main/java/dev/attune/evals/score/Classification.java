package dev.attune.evals.score;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Figures over all rows of a classification.
 *
 * @param labels of the table's rows and columns
 * @param table rows by expected label and given label
 */
public record Classification(List<String> labels, int[][] table) {

    /** Counts. Both lists are in the order of the rows. */
    public static Classification of(List<String> expected, List<String> given) {
        if (expected.size() != given.size()) {
            throw new IllegalArgumentException(
                    expected.size() + " expected labels and " + given.size() + " given ones.");
        }
        var names = new TreeSet<>(expected);
        names.addAll(given);
        Map<String, Integer> index = new TreeMap<>();
        names.forEach(name -> index.put(name, index.size()));
        int[][] table = new int[names.size()][names.size()];
        for (int i = 0; i < expected.size(); i++) {
            table[index.getOrDefault(expected.get(i), 0)][index.getOrDefault(given.get(i), 0)]++;
        }
        return new Classification(List.copyOf(names), table);
    }

    /** The share of rows with the right label; also micro F1, where each row has one label. */
    public double accuracy() {
        return total() == 0 ? 0 : (double) diagonal() / total();
    }

    /** The mean recall of the labels that occur; each label counts alike however rare. */
    public double balancedAccuracy() {
        double sum = 0;
        int occurring = 0;
        for (int i = 0; i < labels.size(); i++) {
            if (row(i) > 0) {
                sum += (double) table[i][i] / row(i);
                occurring++;
            }
        }
        return occurring == 0 ? 0 : sum / occurring;
    }

    /** The share of rows given this label that bear it; 0 where none was given it. */
    public double precision(String label) {
        int i = labels.indexOf(label);
        return i < 0 || column(i) == 0 ? 0 : (double) table[i][i] / column(i);
    }

    /** The share of rows that bear this label that were given it; 0 where none bears it. */
    public double recall(String label) {
        int i = labels.indexOf(label);
        return i < 0 || row(i) == 0 ? 0 : (double) table[i][i] / row(i);
    }

    public double f1(String label) {
        double precision = precision(label);
        double recall = recall(label);
        return precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall);
    }

    /** The mean F1 of the labels that occur among the expected or given ones, but for answers without a label. */
    public double macroF1() {
        return labels.stream().filter(label -> !label.equals(LabelScorer.NONE)).mapToDouble(this::f1).average()
                .orElse(0);
    }

    /** Matthews' correlation for any number of labels (Gorodkin 2004); 0 where one side has one label only. */
    public double matthews() {
        double n = total();
        double product = 0;
        double rows = 0;
        double columns = 0;
        for (int i = 0; i < labels.size(); i++) {
            product += (double) row(i) * column(i);
            rows += (double) row(i) * row(i);
            columns += (double) column(i) * column(i);
        }
        double below = Math.sqrt((n * n - rows) * (n * n - columns));
        return below == 0 ? 0 : (diagonal() * n - product) / below;
    }

    private int total() {
        int n = 0;
        for (int i = 0; i < labels.size(); i++) {
            n += row(i);
        }
        return n;
    }

    private int diagonal() {
        int n = 0;
        for (int i = 0; i < labels.size(); i++) {
            n += table[i][i];
        }
        return n;
    }

    private int row(int i) {
        int n = 0;
        for (int count : table[i]) {
            n += count;
        }
        return n;
    }

    private int column(int j) {
        int n = 0;
        for (int[] row : table) {
            n += row[j];
        }
        return n;
    }
}
