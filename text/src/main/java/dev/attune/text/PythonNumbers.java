package dev.attune.text;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;

/** Python's numbers: integers, floats, and booleans that count as 0 and 1. */
final class PythonNumbers {

    private PythonNumbers() {}

    static boolean isNumber(Object value) {
        return value instanceof Long || value instanceof Double || value instanceof Boolean
                || value instanceof BigInteger;
    }

    /** Whether Python counts the value as an integer: booleans too. */
    static boolean isInteger(Object value) {
        return value instanceof Long || value instanceof Boolean;
    }

    /** The value as an integer. */
    static long integer(Object value) {
        return switch (value) {
            case Long n -> n;
            case Boolean b -> b ? 1 : 0;
            default -> throw new TemplateError("an integer is wanted, not a " + Python.type(value));
        };
    }

    static double real(Object value) {
        return switch (value) {
            case Double d -> d;
            case BigInteger n -> n.doubleValue();
            default -> integer(value);
        };
    }

    static int compare(Object a, Object b) {
        if (a instanceof Double || b instanceof Double) {
            double x = real(a);
            double y = real(b);
            return x == y ? 0 : x < y ? -1 : 1;
        }
        return big(a).compareTo(big(b));
    }

    private static BigInteger big(Object value) {
        return value instanceof BigInteger n ? n : BigInteger.valueOf(integer(value));
    }

    static Object arithmetic(String operator, Object left, Object right) {
        try {
            return left instanceof Double || right instanceof Double || operator.equals("/")
                    ? reals(operator, real(left), real(right))
                    : integers(operator, integer(left), integer(right));
        } catch (ArithmeticException e) {
            throw new TemplateError("a number grows too large");
        }
    }

    private static Object integers(String operator, long a, long b) {
        return switch (operator) {
            case "+" -> Math.addExact(a, b);
            case "-" -> Math.subtractExact(a, b);
            case "*" -> Math.multiplyExact(a, b);
            case "//" -> Math.floorDiv(a, nonZero(b));
            case "%" -> Math.floorMod(a, nonZero(b));
            case "**" -> b < 0 ? (Object) Math.pow(a, b) : power(a, b);
            default -> throw new TemplateError("the operator " + operator + " is not known");
        };
    }

    private static long power(long a, long b) {
        if (b > 64 && Math.abs(a) > 1) {
            throw new ArithmeticException("overflow");
        }
        return BigInteger.valueOf(a).pow((int) Math.min(b, 64 + b % 2)).longValueExact();
    }

    private static Object reals(String operator, double a, double b) {
        return switch (operator) {
            case "+" -> a + b;
            case "-" -> a - b;
            case "*" -> a * b;
            case "/" -> a / nonZero(b);
            case "//" -> Math.floor(a / nonZero(b));
            case "%" -> modulo(a, nonZero(b));
            case "**" -> Math.pow(a, b);
            default -> throw new TemplateError("the operator " + operator + " is not known");
        };
    }

    private static double modulo(double a, double b) {
        double rest = a % b;
        return rest == 0 ? Math.copySign(0, b) : rest < 0 == b < 0 ? rest : rest + b;
    }

    private static long nonZero(long value) {
        if (value == 0) {
            throw new TemplateError("division by zero");
        }
        return value;
    }

    private static double nonZero(double value) {
        if (value == 0) {
            throw new TemplateError("division by zero");
        }
        return value;
    }

    static Object negated(Object value) {
        return switch (value) {
            case Double d -> -d;
            case BigInteger n -> n.negate();
            default -> Math.negateExact(integer(value));
        };
    }

    static Object absolute(Object value) {
        return value instanceof Double d ? (Object) Math.abs(d) : Math.abs(integer(value));
    }

    /** {@code round(value, precision)} of the filter, half to even as Python rounds: a float, or the integer it was. */
    static Object rounded(Object value, int precision, String method) {
        if (value instanceof Long && method.equals("common") && precision >= 0) {
            return value;
        }
        RoundingMode mode = switch (method) {
            case "common" -> RoundingMode.HALF_EVEN;
            case "ceil" -> RoundingMode.CEILING;
            case "floor" -> RoundingMode.FLOOR;
            default -> throw new TemplateError("round knows common, ceil and floor, not '" + method + "'");
        };
        return new BigDecimal(real(value)).setScale(precision, mode).doubleValue();
    }

    /** {@code repr(float)}: the shortest digits that give the same float, with Python's choice of exponent. */
    static String repr(double value) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        if (value == 0) {
            return 1 / value < 0 ? "-0.0" : "0.0";
        }
        BigDecimal exact = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        if (exact.precision() == 2) { // Java writes two digits where one would do
            BigDecimal shorter = exact.round(new MathContext(1));
            exact = shorter.doubleValue() == value ? shorter : exact;
        }
        int exponent = exact.precision() - exact.scale() - 1;
        if (exponent >= -4 && exponent < 16) {
            String plain = exact.toPlainString();
            return plain.indexOf('.') < 0 ? plain + ".0" : plain;
        }
        String digits = exact.unscaledValue().abs().toString();
        return (value < 0 ? "-" : "") + digits.charAt(0) + (digits.length() > 1 ? "." + digits.substring(1) : "")
                + (exponent < 0 ? "e-" : "e+") + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
    }
}
