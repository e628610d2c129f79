package idserver.rule;

import org.luaj.vm2.LuaError;
import org.luaj.vm2.LuaFunction;
import org.luaj.vm2.LuaNumber;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/**
 * {@code find}, {@code match}, {@code gmatch} and {@code gsub} of Lua 5.1. Confined to the thread
 * of their sandbox.
 */
final class PatternFunctions {
  private static final LuaString SPECIALS = LuaString.valueOf("^$*+?.([%-");

  private final Meter meter;

  PatternFunctions(Meter meter) {
    this.meter = meter;
  }

  Varargs find(Varargs args) {
    LuaString subject = LuaArguments.string(args, 1, "find");
    LuaString wanted = LuaArguments.string(args, 2, "find");
    int start = start(subject, LuaArguments.integer(args, 3, "find", 1));
    if (args.arg(4).toboolean() || wanted.indexOfAny(SPECIALS) < 0) {
      int at = indexOf(subject, wanted, start);
      return at < 0 ? LuaValue.NIL : range(at, at + wanted.m_length);
    }
    LuaPattern pattern = new LuaPattern(meter, subject, wanted);
    int from = anchored(wanted) ? 1 : 0;
    for (int at = start; at <= subject.m_length; at++) {
      int end = pattern.matchAt(at, from);
      if (end != LuaPattern.NO_MATCH) {
        return LuaValue.varargsOf(
            LuaValue.valueOf(at + 1), LuaValue.valueOf(end), pattern.captures(at, end, false));
      }
      if (from == 1) {
        break;
      }
      meter.charge(1);
    }
    return LuaValue.NIL;
  }

  Varargs match(Varargs args) {
    LuaString subject = LuaArguments.string(args, 1, "match");
    LuaString wanted = LuaArguments.string(args, 2, "match");
    int start = start(subject, LuaArguments.integer(args, 3, "match", 1));
    LuaPattern pattern = new LuaPattern(meter, subject, wanted);
    int from = anchored(wanted) ? 1 : 0;
    for (int at = start; at <= subject.m_length; at++) {
      int end = pattern.matchAt(at, from);
      if (end != LuaPattern.NO_MATCH) {
        return pattern.captures(at, end, true);
      }
      if (from == 1) {
        break;
      }
      meter.charge(1);
    }
    return LuaValue.NIL;
  }

  Varargs gmatch(Varargs args) {
    LuaString subject = LuaArguments.string(args, 1, "gmatch");
    LuaPattern pattern = new LuaPattern(meter, subject, LuaArguments.string(args, 2, "gmatch"));
    int[] next = {0};
    return new LibraryFunction(
        ignored -> {
          for (int at = next[0]; at <= subject.m_length; at++) {
            int end = pattern.matchAt(at, 0);
            if (end != LuaPattern.NO_MATCH) {
              next[0] = end == at ? end + 1 : end;
              return pattern.captures(at, end, true);
            }
            meter.charge(1);
          }
          next[0] = subject.m_length + 1;
          return LuaValue.NIL;
        });
  }

  Varargs gsub(Varargs args) {
    LuaString subject = LuaArguments.string(args, 1, "gsub");
    LuaString wanted = LuaArguments.string(args, 2, "gsub");
    LuaValue replacement = meter.bind(args.arg(3));
    int most = LuaArguments.integer(args, 4, "gsub", subject.m_length + 1);
    if (!(replacement instanceof LuaString
        || replacement instanceof LuaNumber
        || replacement instanceof LuaTable
        || replacement instanceof LuaFunction)) {
      throw LuaArguments.bad(3, "gsub", "string/function/table expected");
    }
    LuaPattern pattern = new LuaPattern(meter, subject, wanted);
    LuaText out = new LuaText(meter);
    int from = anchored(wanted) ? 1 : 0;
    int at = 0;
    int count = 0;
    while (count < most) {
      meter.charge(1);
      int end = pattern.matchAt(at, from);
      if (end != LuaPattern.NO_MATCH) {
        count++;
        replace(out, pattern, subject, replacement, at, end);
      }
      if (end > at) {
        at = end;
      } else if (at < subject.m_length) {
        out.add(subject.luaByte(at++));
      } else {
        break;
      }
      if (from == 1) {
        break;
      }
    }
    out.add(subject.m_bytes, subject.m_offset + at, subject.m_length - at);
    return LuaValue.varargsOf(out.finish(), LuaValue.valueOf(count));
  }

  private void replace(
      LuaText out, LuaPattern pattern, LuaString subject, LuaValue by, int start, int end) {
    LuaValue value;
    if (by instanceof LuaTable) {
      value = by.get(pattern.capture(0, start, end));
    } else if (by instanceof LuaFunction) {
      value = by.invoke(pattern.captures(start, end, true)).arg1();
    } else {
      LuaString template = by instanceof LuaNumber number ? LuaNumbers.text(number) : by.strvalue();
      expand(out, pattern, template, start, end);
      return;
    }
    if (!value.toboolean()) {
      out.add(subject.m_bytes, subject.m_offset + start, end - start);
    } else {
      out.add(text(value, "invalid replacement value (a " + value.typename() + ")"));
    }
  }

  private void expand(LuaText out, LuaPattern pattern, LuaString template, int start, int end) {
    meter.charge(template.m_length);
    int i = 0;
    while (i < template.m_length) {
      int c = template.luaByte(i++);
      if (c != '%') {
        out.add(c);
        continue;
      }
      // Lua reads on to the zero byte that ends every C string
      int selector = i < template.m_length ? template.luaByte(i) : 0;
      i++;
      if (!LuaCharacters.isDigit(selector)) {
        out.add(selector);
      } else {
        int index = selector - '1';
        LuaValue part = index < 0 ? pattern.whole(start, end) : pattern.capture(index, start, end);
        out.add(text(part, "invalid capture"));
      }
    }
  }

  private static LuaString text(LuaValue value, String otherwise) {
    if (value instanceof LuaString string) {
      return string;
    }
    if (value instanceof LuaNumber number) {
      return LuaNumbers.text(number);
    }
    throw new LuaError(otherwise);
  }

  private static boolean anchored(LuaString pattern) {
    return pattern.m_length > 0 && pattern.luaByte(0) == '^';
  }

  /** Where a search begins, from 0: a negative position counts from the end. */
  private static int start(LuaString subject, int position) {
    int length = subject.m_length;
    int start = position < 0 ? length + position : position - 1;
    return Math.max(0, Math.min(start, length));
  }

  private int indexOf(LuaString subject, LuaString wanted, int start) {
    int last = subject.m_length - wanted.m_length;
    for (int at = start; at <= last; at++) {
      int same = 0;
      while (same < wanted.m_length && subject.luaByte(at + same) == wanted.luaByte(same)) {
        same++;
      }
      meter.charge(1 + same);
      if (same == wanted.m_length) {
        return at;
      }
    }
    return -1;
  }

  private static Varargs range(int start, int end) {
    return LuaValue.varargsOf(LuaValue.valueOf(start + 1), LuaValue.valueOf(end));
  }
}
