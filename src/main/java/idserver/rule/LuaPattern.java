package idserver.rule;

import org.luaj.vm2.LuaError;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/**
 * Matches one subject against one Lua 5.1 pattern (manual, 5.4.1, and the frontier {@code %f}).
 * Every step is paid for, so that backtracking ends with the script's budget. Positions count from
 * 0. Confined to the thread of its sandbox.
 */
final class LuaPattern {
  static final int NO_MATCH = -1;

  private static final int MAX_CAPTURES = 32;

  /** Bounds the Java stack: each quantifier and capture that is open takes one level. */
  private static final int MAX_DEPTH = 200;

  private static final int OPEN = -1;
  private static final int POSITION = -2;

  /** Reading a set costs a step for so many bytes of it, as a power of two. */
  private static final int SET_SHIFT = 2;

  private final Meter meter;
  private final LuaString subject;
  private final LuaString pattern;
  private final int subjectEnd;
  private final int patternEnd;
  private final int[] starts = new int[MAX_CAPTURES];
  private final int[] lengths = new int[MAX_CAPTURES];
  private int level;
  private int depth;

  LuaPattern(Meter meter, LuaString subject, LuaString pattern) {
    this.meter = meter;
    this.subject = subject;
    this.pattern = pattern;
    this.subjectEnd = subject.m_length;
    this.patternEnd = pattern.m_length;
  }

  /**
   * Matches exactly at a position.
   *
   * @param start where in the subject
   * @param from where in the pattern: 1 after an anchor, else 0
   * @return where the match ends, or {@link #NO_MATCH}
   */
  int matchAt(int start, int from) {
    level = 0;
    depth = 0;
    return match(start, from);
  }

  private int match(int start, int from) {
    if (++depth > MAX_DEPTH) {
      throw new LuaError("pattern too complex");
    }
    int end = matchItems(start, from);
    depth--;
    return end;
  }

  private int matchItems(int start, int from) {
    int s = start;
    int p = from;
    while (p < patternEnd) {
      meter.charge(1);
      switch (pattern.luaByte(p)) {
        case '(' -> {
          return at(p + 1) == ')' ? open(s, p + 2, POSITION) : open(s, p + 1, OPEN);
        }
        case ')' -> {
          return close(s, p + 1);
        }
        case '$' -> {
          if (p + 1 == patternEnd) {
            return s == subjectEnd ? s : NO_MATCH;
          }
        }
        case '%' -> {
          int next = at(p + 1);
          int width = special(next);
          if (width > 0) {
            s = matchSpecial(s, p, next);
            if (s == NO_MATCH) {
              return NO_MATCH;
            }
            p = next == 'f' ? itemEnd(p + 2) : p + width;
            continue;
          }
        }
        default -> {
          // an ordinary item, as are the cases above that did not leave
        }
      }
      int end = itemEnd(p);
      switch (at(end)) {
        case '*' -> {
          return longest(s, p, end);
        }
        case '+' -> {
          return single(s, p, end) ? longest(s + 1, p, end) : NO_MATCH;
        }
        case '-' -> {
          return shortest(s, p, end);
        }
        case '?' -> {
          int rest = single(s, p, end) ? match(s + 1, end + 1) : NO_MATCH;
          if (rest != NO_MATCH) {
            return rest;
          }
          p = end + 1;
        }
        default -> {
          if (!single(s, p, end)) {
            return NO_MATCH;
          }
          s++;
          p = end;
        }
      }
    }
    return s;
  }

  /** The byte at a place of the pattern, or -1 beyond its end. */
  private int at(int p) {
    return p < patternEnd ? pattern.luaByte(p) : -1;
  }

  /** The length of an item that is no single character, or 0 if the letter names none. */
  private static int special(int letter) {
    return letter == 'b' ? 4 : letter == 'f' || LuaCharacters.isDigit(letter) ? 2 : 0;
  }

  private int matchSpecial(int s, int p, int letter) {
    return switch (letter) {
      case 'b' -> balance(s, p + 2);
      case 'f' -> frontier(s, p + 2);
      default -> backReference(s, letter);
    };
  }

  private int balance(int s, int p) {
    if (p + 1 >= patternEnd) {
      throw new LuaError("unbalanced pattern");
    }
    int opening = pattern.luaByte(p);
    int closing = pattern.luaByte(p + 1);
    if (s >= subjectEnd || subject.luaByte(s) != opening) {
      return NO_MATCH;
    }
    int open = 1;
    for (int i = s + 1; i < subjectEnd; i++) {
      meter.charge(1);
      int c = subject.luaByte(i);
      if (c == closing) {
        if (--open == 0) {
          return i + 1;
        }
      } else if (c == opening) {
        open++;
      }
    }
    return NO_MATCH;
  }

  private int frontier(int s, int p) {
    if (at(p) != '[') {
      throw new LuaError("missing '[' after '%" + 'f' + "' in pattern");
    }
    int end = itemEnd(p);
    int before = s == 0 ? 0 : subject.luaByte(s - 1);
    int here = s == subjectEnd ? 0 : subject.luaByte(s);
    return !inSet(before, p, end) && inSet(here, p, end) ? s : NO_MATCH;
  }

  private int backReference(int s, int digit) {
    int index = digit - '1';
    if (index < 0 || index >= level || lengths[index] == OPEN) {
      throw new LuaError("invalid capture index");
    }
    int length = Math.max(0, lengths[index]);
    if (length > subjectEnd - s) {
      return NO_MATCH;
    }
    meter.charge(length);
    return LuaString.equals(subject, starts[index], subject, s, length) ? s + length : NO_MATCH;
  }

  private int open(int s, int p, int kind) {
    if (level >= MAX_CAPTURES) {
      throw new LuaError("too many captures");
    }
    starts[level] = s;
    lengths[level] = kind;
    level++;
    int end = match(s, p);
    if (end == NO_MATCH) {
      level--;
    }
    return end;
  }

  private int close(int s, int p) {
    int index = level - 1;
    while (index >= 0 && lengths[index] != OPEN) {
      index--;
    }
    if (index < 0) {
      throw new LuaError("invalid pattern capture");
    }
    lengths[index] = s - starts[index];
    int end = match(s, p);
    if (end == NO_MATCH) {
      lengths[index] = OPEN;
    }
    return end;
  }

  private int longest(int s, int p, int end) {
    int i = s;
    while (single(i, p, end)) {
      meter.charge(1);
      i++;
    }
    for (; i >= s; i--) {
      int rest = match(i, end + 1);
      if (rest != NO_MATCH) {
        return rest;
      }
      meter.charge(1);
    }
    return NO_MATCH;
  }

  private int shortest(int s, int p, int end) {
    for (int i = s; ; i++) {
      int rest = match(i, end + 1);
      if (rest != NO_MATCH || !single(i, p, end)) {
        return rest;
      }
      meter.charge(1);
    }
  }

  /** Where the single-character item ends that begins at {@code p}. */
  private int itemEnd(int p) {
    int c = at(p);
    if (c == '%') {
      if (p + 1 >= patternEnd) {
        throw new LuaError("malformed pattern (ends with '%')");
      }
      return p + 2;
    }
    return c == '[' ? setEnd(p) : p + 1;
  }

  private int setEnd(int p) {
    int i = at(p + 1) == '^' ? p + 2 : p + 1;
    boolean first = true;
    while (first || at(i) != ']') {
      if (i >= patternEnd) {
        throw new LuaError("malformed pattern (missing ']')");
      }
      // a bracket that comes first, or after a percent sign, is a member
      i += pattern.luaByte(i) == '%' && i + 1 < patternEnd ? 2 : 1;
      first = false;
    }
    meter.charge((i - p) >> SET_SHIFT);
    return i + 1;
  }

  private boolean single(int s, int p, int end) {
    if (s >= subjectEnd) {
      return false;
    }
    int c = subject.luaByte(s);
    int item = pattern.luaByte(p);
    return switch (item) {
      case '.' -> true;
      case '%' -> LuaCharacters.isInClass(c, pattern.luaByte(p + 1));
      case '[' -> inSet(c, p, end);
      default -> item == c;
    };
  }

  /** Whether a character is in the set that reaches from {@code p} to before {@code end}. */
  private boolean inSet(int c, int p, int end) {
    meter.charge((end - p) >> SET_SHIFT);
    int closing = end - 1;
    boolean negated = pattern.luaByte(p + 1) == '^';
    int i = negated ? p + 2 : p + 1;
    while (i < closing) {
      int member = pattern.luaByte(i);
      if (member == '%' && i + 1 < closing) {
        if (LuaCharacters.isInClass(c, pattern.luaByte(i + 1))) {
          return !negated;
        }
        i += 2;
      } else if (i + 2 < closing && pattern.luaByte(i + 1) == '-') {
        if (member <= c && c <= pattern.luaByte(i + 2)) {
          return !negated;
        }
        i += 3;
      } else {
        if (member == c) {
          return !negated;
        }
        i++;
      }
    }
    return negated;
  }

  /** How many values a match yields: its captures, or the whole match if there is none. */
  int resultCount() {
    return Math.max(1, level);
  }

  /**
   * One capture of the last match.
   *
   * @param index from 0; without captures, 0 is the whole match
   */
  LuaValue capture(int index, int start, int end) {
    if (index >= level) {
      if (index == 0) {
        return text(start, end);
      }
      throw new LuaError("invalid capture index");
    }
    if (lengths[index] == OPEN) {
      throw new LuaError("unfinished capture");
    }
    return lengths[index] == POSITION
        ? LuaValue.valueOf(starts[index] + 1)
        : text(starts[index], starts[index] + lengths[index]);
  }

  LuaValue whole(int start, int end) {
    return text(start, end);
  }

  /** All captures of the last match; with none, the whole match if it is wanted. */
  Varargs captures(int start, int end, boolean whole) {
    int count = whole ? resultCount() : level;
    LuaValue[] values = new LuaValue[count];
    for (int i = 0; i < count; i++) {
      values[i] = capture(i, start, end);
    }
    return LuaValue.varargsOf(values);
  }

  private LuaValue text(int start, int end) {
    meter.chargeString(end - start);
    return subject.substring(start, end);
  }
}
