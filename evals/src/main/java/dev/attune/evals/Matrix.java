package dev.attune.evals;

/** The little linear algebra that small models need: dense, row by row, solved by elimination with pivots. */
final class Matrix {
    private Matrix() {}

    /** x with a·x = b; neither argument is changed. */
    static double[] solve(double[][] a, double[] b) {
        double[][] right = new double[b.length][1];
        for (int i = 0; i < b.length; i++) {
            right[i][0] = b[i];
        }
        double[][] x = solveAll(a, right);
        double[] column = new double[b.length];
        for (int i = 0; i < b.length; i++) {
            column[i] = x[i][0];
        }
        return column;
    }

    static double[][] inverse(double[][] a) {
        double[][] identity = new double[a.length][a.length];
        for (int i = 0; i < a.length; i++) {
            identity[i][i] = 1;
        }
        return solveAll(a, identity);
    }

    static double[][] product(double[][] a, double[][] b) {
        double[][] c = new double[a.length][b[0].length];
        for (int i = 0; i < a.length; i++) {
            for (int k = 0; k < b.length; k++) {
                for (int j = 0; j < b[0].length; j++) {
                    c[i][j] += a[i][k] * b[k][j];
                }
            }
        }
        return c;
    }

    private static double[][] solveAll(double[][] a, double[][] right) {
        int n = a.length;
        double[][] left = copy(a);
        double[][] x = copy(right);
        for (int column = 0; column < n; column++) {
            int pivot = column;
            for (int row = column + 1; row < n; row++) {
                pivot = Math.abs(left[row][column]) > Math.abs(left[pivot][column]) ? row : pivot;
            }
            swap(left, pivot, column);
            swap(x, pivot, column);
            if (Math.abs(left[column][column]) < 1e-300) {
                throw new ArithmeticException("The matrix cannot be inverted.");
            }
            for (int row = 0; row < n; row++) {
                if (row != column) {
                    double factor = left[row][column] / left[column][column];
                    subtract(left[row], left[column], factor);
                    subtract(x[row], x[column], factor);
                }
            }
        }
        for (int row = 0; row < n; row++) {
            for (int j = 0; j < x[row].length; j++) {
                x[row][j] /= left[row][row];
            }
        }
        return x;
    }

    private static void subtract(double[] from, double[] row, double factor) {
        for (int j = 0; j < from.length; j++) {
            from[j] -= factor * row[j];
        }
    }

    private static void swap(double[][] rows, int a, int b) {
        double[] held = rows[a];
        rows[a] = rows[b];
        rows[b] = held;
    }

    private static double[][] copy(double[][] rows) {
        double[][] copy = new double[rows.length][];
        for (int i = 0; i < rows.length; i++) {
            copy[i] = rows[i].clone();
        }
        return copy;
    }
}
