package idserver.rule;

import java.util.Random;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import org.luaj.vm2.LuaError;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/**
 * The {@code math} library of one sandbox, after section 5.6 of the Lua 5.1 manual. Its random
 * numbers are the sandbox's own, so that seeding them disturbs nobody else. Confined to the thread
 * of its sandbox.
 */
final class MathFunctions {
  private static final int MAX_SCALE = 4096;

  private final Random random;

  private MathFunctions(Random random) {
    this.random = random;
  }

  static LuaTable create(Random random) {
    MathFunctions functions = new MathFunctions(random);
    LuaTable table = new LuaTable();
    table.rawset(LuaValue.valueOf("huge"), LuaValue.valueOf(Double.POSITIVE_INFINITY));
    table.rawset(LuaValue.valueOf("pi"), LuaValue.valueOf(Math.PI));
    unary(table, "abs", Math::abs);
    unary(table, "acos", Math::acos);
    unary(table, "asin", Math::asin);
    unary(table, "atan", Math::atan);
    unary(table, "ceil", Math::ceil);
    unary(table, "cos", Math::cos);
    unary(table, "cosh", Math::cosh);
    unary(table, "deg", Math::toDegrees);
    unary(table, "exp", Math::exp);
    unary(table, "floor", Math::floor);
    unary(table, "log", Math::log);
    unary(table, "log10", Math::log10);
    unary(table, "rad", Math::toRadians);
    unary(table, "sin", Math::sin);
    unary(table, "sinh", Math::sinh);
    unary(table, "sqrt", Math::sqrt);
    unary(table, "tan", Math::tan);
    unary(table, "tanh", Math::tanh);
    binary(table, "atan2", Math::atan2);
    binary(table, "fmod", (x, y) -> x % y);
    binary(table, "ldexp", MathFunctions::scale);
    binary(table, "pow", Math::pow);
    LibraryFunction.define(table, "max", args -> extreme(args, "max", Math::max));
    LibraryFunction.define(table, "min", args -> extreme(args, "min", Math::min));
    LibraryFunction.define(table, "frexp", MathFunctions::split);
    LibraryFunction.define(table, "modf", MathFunctions::wholeAndFraction);
    LibraryFunction.define(table, "random", functions::random);
    LibraryFunction.define(table, "randomseed", functions::seed);
    return table;
  }

  private static void unary(LuaTable table, String name, DoubleUnaryOperator operator) {
    LibraryFunction.define(
        table,
        name,
        args -> LuaValue.valueOf(operator.applyAsDouble(LuaArguments.number(args, 1, name))));
  }

  private static void binary(LuaTable table, String name, DoubleBinaryOperator operator) {
    LibraryFunction.define(
        table,
        name,
        args ->
            LuaValue.valueOf(
                operator.applyAsDouble(
                    LuaArguments.number(args, 1, name), LuaArguments.number(args, 2, name))));
  }

  private static double scale(double x, double exponent) {
    // beyond this every result is zero or infinite
    return Math.scalb(x, (int) Math.max(-MAX_SCALE, Math.min(MAX_SCALE, exponent)));
  }

  private static Varargs extreme(Varargs args, String name, DoubleBinaryOperator choose) {
    double result = LuaArguments.number(args, 1, name);
    for (int i = 2; i <= args.narg(); i++) {
      result = choose.applyAsDouble(result, LuaArguments.number(args, i, name));
    }
    return LuaValue.valueOf(result);
  }

  private static Varargs split(Varargs args) {
    double x = LuaArguments.number(args, 1, "frexp");
    if (x == 0 || !Double.isFinite(x)) {
      return LuaValue.varargsOf(LuaValue.valueOf(x), LuaValue.ZERO);
    }
    // a subnormal number has no exponent of its own
    int shift = Math.abs(x) < Double.MIN_NORMAL ? 64 : 0;
    double normal = Math.scalb(x, shift);
    int exponent = Math.getExponent(normal) + 1;
    return LuaValue.varargsOf(
        LuaValue.valueOf(Math.scalb(normal, -exponent)), LuaValue.valueOf(exponent - shift));
  }

  private static Varargs wholeAndFraction(Varargs args) {
    double x = LuaArguments.number(args, 1, "modf");
    double whole = x < 0 ? Math.ceil(x) : Math.floor(x);
    double fraction = Double.isInfinite(x) ? 0 : x - whole;
    return LuaValue.varargsOf(LuaValue.valueOf(whole), LuaValue.valueOf(fraction));
  }

  private Varargs random(Varargs args) {
    double r = random.nextDouble();
    switch (args.narg()) {
      case 0 -> {
        return LuaValue.valueOf(r);
      }
      case 1 -> {
        int most = LuaArguments.integer(args, 1, "random");
        if (most < 1) {
          throw LuaArguments.bad(1, "random", "interval is empty");
        }
        return LuaValue.valueOf(Math.floor(r * most) + 1);
      }
      case 2 -> {
        int least = LuaArguments.integer(args, 1, "random");
        int most = LuaArguments.integer(args, 2, "random");
        if (least > most) {
          throw LuaArguments.bad(2, "random", "interval is empty");
        }
        return LuaValue.valueOf(Math.floor(r * ((double) most - least + 1)) + least);
      }
      default -> throw new LuaError("wrong number of arguments");
    }
  }

  private Varargs seed(Varargs args) {
    random.setSeed((long) LuaArguments.number(args, 1, "randomseed"));
    return LuaValue.NONE;
  }
}
