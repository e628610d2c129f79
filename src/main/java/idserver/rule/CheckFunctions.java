package idserver.rule;

import java.nio.charset.StandardCharsets;
import org.apache.commons.validator.routines.checkdigit.CheckDigit;
import org.apache.commons.validator.routines.checkdigit.CheckDigitException;
import org.apache.commons.validator.routines.checkdigit.EAN13CheckDigit;
import org.apache.commons.validator.routines.checkdigit.LuhnCheckDigit;
import org.apache.commons.validator.routines.checkdigit.VerhoeffCheckDigit;
import org.luaj.vm2.LuaError;
import org.luaj.vm2.LuaNumber;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.lib.OneArgFunction;

/**
 * The {@code check} table of one sandbox: functions that take a text and return it with its check
 * characters behind. Two texts never come to the same, as each is the start of its result and all
 * checks of a kind have one length. Confined to the thread of its sandbox.
 */
final class CheckFunctions {
  private static final int DECIMAL = 10;
  private static final int ALPHANUMERIC = 36;

  /** Appends the check characters of a text. */
  @FunctionalInterface
  private interface Check {
    void append(LuaString text, LuaText out);
  }

  private final Meter meter;
  private final LuaText out;
  private final LuaTable table = new LuaTable();

  private CheckFunctions(Meter meter) {
    this.meter = meter;
    this.out = new LuaText(meter);
  }

  /** A new table of the functions, which no script can change. */
  static LuaTable create(Meter meter) {
    CheckFunctions functions = new CheckFunctions(meter);
    functions.define("luhn", DECIMAL, modulus10(LuhnCheckDigit.LUHN_CHECK_DIGIT));
    functions.define("verhoeff", DECIMAL, library(VerhoeffCheckDigit.VERHOEFF_CHECK_DIGIT));
    functions.define("ean", DECIMAL, ean());
    functions.define("mod97", ALPHANUMERIC, CheckFunctions::mod97);
    functions.define("mod11_10", DECIMAL, hybrid(DECIMAL));
    functions.define("mod37_36", ALPHANUMERIC, hybrid(ALPHANUMERIC));
    return new Unchangeable(functions.table);
  }

  private void define(String name, int characters, Check check) {
    table.rawset(LuaValue.valueOf(name), new Function("check." + name, characters, check));
  }

  private static Check library(CheckDigit algorithm) {
    return (text, out) -> {
      String digits =
          new String(text.m_bytes, text.m_offset, text.m_length, StandardCharsets.US_ASCII);
      try {
        out.add(algorithm.calculate(digits));
      } catch (CheckDigitException e) {
        throw new LuaError(e);
      }
    };
  }

  /** The library refuses nothing but zeros, which has the check digit 0 as any other sum of 0. */
  private static Check modulus10(CheckDigit algorithm) {
    Check usual = library(algorithm);
    return (text, out) -> {
      if (isZero(text)) {
        out.add('0');
      } else {
        usual.append(text, out);
      }
    };
  }

  private static boolean isZero(LuaString text) {
    for (int i = 0; i < text.m_length; i++) {
      if (text.luaByte(i) != '0') {
        return false;
      }
    }
    return true;
  }

  private static Check ean() {
    Check usual = modulus10(EAN13CheckDigit.EAN13_CHECK_DIGIT);
    return (text, out) -> {
      switch (text.m_length) {
        case 7, 12, 13 -> usual.append(text, out);
        default ->
            throw new LuaError(
                "check.ean: 7 digits (EAN-8), 12 (EAN-13) or 13 (GTIN-14) expected, got "
                    + text.m_length);
      }
    };
  }

  private static void mod97(LuaString text, LuaText out) {
    int check = Iso7064.mod97(text);
    out.add('0' + check / 10);
    out.add('0' + check % 10);
  }

  private static Check hybrid(int characters) {
    return (text, out) -> out.add(Iso7064.character(Iso7064.hybrid(text, characters)));
  }

  /** One function of the table. */
  private final class Function extends OneArgFunction {
    private final String function;
    private final int characters;
    private final Check check;

    Function(String function, int characters, Check check) {
      this.function = function;
      this.characters = characters;
      this.check = check;
    }

    @Override
    public LuaValue call(LuaValue argument) {
      LuaString text = text(argument);
      meter.charge(text.m_length);
      if (text.m_length == 0 || !isOfAlphabet(text)) {
        throw wrong("'" + text.tojstring() + "'");
      }
      out.clear().add(text);
      check.append(text, out);
      return out.finish();
    }

    private LuaString text(LuaValue argument) {
      if (argument instanceof LuaString string) {
        return string;
      }
      if (argument instanceof LuaNumber number) {
        return LuaNumbers.text(number);
      }
      throw wrong(argument.typename());
    }

    private boolean isOfAlphabet(LuaString text) {
      for (int i = 0; i < text.m_length; i++) {
        int value = Iso7064.value(text.luaByte(i));
        if (value < 0 || value >= characters) {
          return false;
        }
      }
      return true;
    }

    private LuaError wrong(String got) {
      String expected = characters == DECIMAL ? "digits" : "digits and capital letters";
      return new LuaError(function + ": " + expected + " expected, got " + got);
    }
  }
}
