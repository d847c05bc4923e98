package dev.attune.dataset;

import java.util.Map;

/** Chat rows that do not stand in a strict training file: something reads another format and hands them over. */
public interface RowSource {

    /** How messages name it: the path of the file. */
    String name();

    /**
     * Hands over all rows, in order; problems of a row that cannot be one come in between.
     *
     * @throws DatasetException where the source cannot be read
     */
    void read(Sink sink);

    /** What takes the rows. */
    interface Sink {
        /**
         * A row of OpenAI's chat format that is still to be checked.
         *
         * @param line line of the source that it begins on, the first is 1
         * @param row as {@link Row#raw}
         */
        void row(int line, Map<String, Object> row);

        /** Something wrong with the source. */
        void problem(Problem problem);
    }
}
