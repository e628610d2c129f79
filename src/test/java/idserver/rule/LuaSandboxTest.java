package idserver.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.lib.OneArgFunction;

class LuaSandboxTest {
  private static final String EXAMPLE =
      """
      function min_counter() return 0 end
      function max_counter() return 9999 end
      function reset_seconds() return 86400 end
      function create_id(counter,now,salt)
          local seq = counter:generate_counter()
          local new_id = string.format("%01d%02d%02d%04d",now:year()%10 ,now:month(),now:day(),seq)
          return new_id
      end
      """;

  private static final class CounterEmpty extends ScriptAbandoned {
    private static final long serialVersionUID = 1L;

    CounterEmpty() {
      super("counter is empty");
    }
  }

  private static LuaValue returning(int value) {
    return new OneArgFunction() {
      @Override
      public LuaValue call(LuaValue self) {
        return valueOf(value);
      }
    };
  }

  private static LuaTable now() {
    LuaTable now = new LuaTable();
    now.set("year", returning(2026));
    now.set("month", returning(11));
    now.set("day", returning(22));
    return now;
  }

  private static LuaTable counter(LuaValue generate) {
    LuaTable counter = new LuaTable();
    counter.set("generate_counter", generate);
    return counter;
  }

  private static LuaValue abandoning(ScriptAbandoned signal) {
    return new OneArgFunction() {
      @Override
      public LuaValue call(LuaValue self) {
        throw signal;
      }
    };
  }

  private static String evaluate(String expression) throws ScriptException {
    LuaSandbox sandbox = LuaSandbox.load("t.lua", "function f() return " + expression + " end");
    return sandbox.call(sandbox.function("f")).tojstring();
  }

  @Test
  void makesTheIdOfTheExampleRule() throws ScriptException {
    LuaSandbox sandbox = LuaSandbox.load("order_id.lua", EXAMPLE);
    LuaValue id =
        sandbox.call(
            sandbox.function("create_id"), counter(returning(417)), now(), LuaValue.valueOf(""));

    assertThat(id.tojstring()).isEqualTo("611220417");
    assertThat(sandbox.call(sandbox.function("max_counter")).toint()).isEqualTo(9999);
    assertThat(sandbox.call("reset_seconds").arg1().toint()).isEqualTo(86400);
  }

  @Test
  void knowsWhichFunctionsThereAre() throws ScriptException {
    LuaSandbox sandbox = LuaSandbox.load("order_id.lua", EXAMPLE);
    assertThat(sandbox.has("create_id")).isTrue();
    assertThat(sandbox.has("reset_period")).isFalse();
    assertThatThrownBy(() -> sandbox.function("reset_period"))
        .isInstanceOf(ScriptException.class)
        .hasMessage("order_id.lua: function 'reset_period' is missing");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "collectgarbage",
        "coroutine",
        "debug",
        "dofile",
        "io",
        "load",
        "loadfile",
        "loadstring",
        "luajava",
        "module",
        "newproxy",
        "os",
        "package",
        "pcall",
        "print",
        "require",
        "xpcall",
        "string.dump",
        "getfenv",
        "setfenv",
        "string.lib",
        "rawlen"
      })
  void hidesWhatReachesOutside(String name) throws ScriptException {
    assertThat(evaluate("type(" + name + ")")).isEqualTo("nil");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "assert",
        "check.ean",
        "check.luhn",
        "check.mod11_10",
        "check.mod37_36",
        "check.mod97",
        "check.verhoeff",
        "error",
        "getmetatable",
        "ipairs",
        "next",
        "pairs",
        "permute",
        "rawequal",
        "rawget",
        "rawset",
        "select",
        "setmetatable",
        "tonumber",
        "tostring",
        "type",
        "unpack",
        "table.concat",
        "table.insert",
        "table.maxn",
        "table.remove",
        "table.sort",
        "math.fmod",
        "math.floor",
        "math.log10",
        "math.random",
        "string.byte",
        "string.char",
        "string.find",
        "string.format",
        "string.gmatch",
        "string.gsub",
        "string.len",
        "string.lower",
        "string.match",
        "string.rep",
        "string.reverse",
        "string.sub",
        "string.upper"
      })
  void offersWhatARuleNeeds(String name) throws ScriptException {
    assertThat(evaluate("type(" + name + ")")).isEqualTo("function");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "('x'):rep(3)|xxx",
        "('%03d'):format(7)|007",
        "('abc'):upper():sub(2)|BC",
        "('').rep('ab', 2)|abab",
        "(('a b'):gsub('%a', ('').upper))|A B",
        "#('abc')|3",
        "('a,b'):find(',', 1, true)|2",
        "tostring(2^53)|9.007199254741e+15",
        "2^53 .. ''|9.007199254741e+15",
        "1e100 .. ''|1e+100",
        "1e15 .. '!'|1e+15!",
        "99999999999999 .. ''|99999999999999",
        "4294967296 .. ''|4294967296",
        "0.1 .. ''|0.1",
        "1/3 .. '/' .. -1.5|0.33333333333333/-1.5",
        "tostring(-1/0)|-inf",
        "string.format('%d', 2^31)|2147483648",
        "string.format('%d', 2^53)|9007199254740992",
        "string.format('%d', '9223372036854775807')|9223372036854775807",
        "string.format('%020d', '-9223372036854775808')|-9223372036854775808",
        "string.format('%x', '9223372036854775807')|7fffffffffffffff",
        "string.format('%u', '18446744073709551615')|18446744073709551615",
        "string.format('%o', '-1')|1777777777777777777777",
        "2^0.5|1.4142135623731",
        "table.concat({1, 2.5, 'x'}, '-')|1-2.5-x",
        "select('#', unpack({1, 2, 3}))|3",
        "select(-1, 'a', 'b')|b",
        "tonumber('ff', 16)|255",
        "tonumber(' 0x10 ')|16",
        "tonumber('-')|nil",
        "tonumber('1e2x')|nil",
        "math.max(3, 7, 5)|7",
        "_VERSION|Lua 5.1",
      })
  void answersAsLuaDoes(String expression, String expected) throws ScriptException {
    assertThat(evaluate("tostring((" + expression + "))")).isEqualTo(expected);
  }

  @Test
  void sortsWithAndWithoutAnOrder() throws ScriptException {
    LuaSandbox sandbox =
        LuaSandbox.load(
            "t.lua",
            """
            function f()
              local t = {3, 1, 2, 5, 4}
              table.sort(t)
              local up = table.concat(t)
              table.sort(t, function(a, b) return a > b end)
              table.insert(t, 1, 9)
              table.insert(t, 0)
              table.remove(t, 2)
              return up .. table.concat(t)
            end
            """);
    assertThat(sandbox.call(sandbox.function("f")).tojstring()).isEqualTo("12345943210");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "x = = 1|t.lua:1: unexpected symbol near '='",
        "x = end|t.lua:1: unexpected symbol",
        "`\n\nfunction f( return end`|t.lua:3: <name> or '...' expected",
        "`\nlocal x = nil\nlocal y = x.z`|t.lua:3: attempt to index ? (a nil value)",
        "error('no luck')|t.lua:1: no luck",
        "`function f() error('far', 2) end\n\nf()`|t.lua:3: far",
        "error({})|t.lua:1: (error object is a table value)",
        "assert(false)|t.lua:1: assertion failed!",
        "`\nreturn string.format('%d')`|t.lua:2: bad argument #2 to 'format' (no value)",
        "`\nlocal s = ('x'):rep('y')`|"
            + "t.lua:2: bad argument #2 to 'rep' (number expected, got string)",
        "string.format('%d', 1/0)|"
            + "t.lua:1: bad argument #2 to 'format' (number has no 64-bit integer representation)",
        "unknown()|t.lua:1: attempt to call nil",
        "return 1 + {}|t.lua:1: attempt to perform arithmetic __add on number and table",
        "error('two\\nlines')|t.lua:1: two lines",
      })
  void namesFileAndLineOfWhatIsWrong(String source, String message) {
    assertThatThrownBy(() -> LuaSandbox.load("t.lua", source))
        .isInstanceOf(ScriptException.class)
        .hasMessage(message);
  }

  @Test
  void refusesPrecompiledChunks() {
    assertThatThrownBy(() -> LuaSandbox.load("t.lua", "\u001bLuaQ\0\1\4\4\4\10\0"))
        .isInstanceOf(ScriptException.class)
        .hasMessageStartingWith("t.lua:1: ");
  }

  @Test
  void refusesSourcesThatAreTooLongOrTooDeep() {
    String longSource = "-- " + "x".repeat(LuaSandbox.MAX_SOURCE_BYTES);
    assertThatThrownBy(() -> LuaSandbox.load("t.lua", longSource))
        .hasMessageStartingWith("t.lua: a script must be <= 262144 bytes");
    String deep = "return " + "(".repeat(100_000) + "1" + ")".repeat(100_000);
    assertThatThrownBy(() -> LuaSandbox.load("t.lua", deep)).isInstanceOf(ScriptException.class);
    String chain = "return " + "'a'..".repeat(40_000) + "'a'";
    assertThatThrownBy(() -> LuaSandbox.load("t.lua", chain)).isInstanceOf(ScriptException.class);
  }

  @Test
  void hidesTheMetatableOfStrings() throws ScriptException {
    assertThat(evaluate("getmetatable('')")).isEqualTo("nil");
    assertThatThrownBy(() -> LuaSandbox.load("t.lua", "setmetatable('', {})"))
        .hasMessage("t.lua:1: bad argument #1 to 'setmetatable' (table expected, got string)");
    assertThatThrownBy(() -> LuaSandbox.load("t.lua", "(''):format().x = 1"))
        .isInstanceOf(ScriptException.class);
    assertThatThrownBy(() -> LuaSandbox.load("t.lua", "local s = 'a' s.rep = nil"))
        .isInstanceOf(ScriptException.class);
    assertThat(evaluate("('x'):rep(2)")).isEqualTo("xx");
  }

  @Test
  void changesOfLibrariesStayInTheirSandbox() throws ScriptException {
    LuaSandbox vandal =
        LuaSandbox.load(
            "vandal.lua",
            """
            string.format = nil
            table.concat = nil
            math.floor = function() return 13 end
            tostring = nil
            x = 1
            function f() return ("%d"):format(5) end
            """);
    assertThat(evaluate("string.format('%d', math.floor(4.5)) .. table.concat({'a'})"))
        .isEqualTo("4a");
    assertThat(evaluate("x")).isEqualTo("nil");
    assertThat(vandal.call(vandal.function("f")).tojstring()).isEqualTo("5");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "check.luhn = nil",
        "check.mine = function() end",
        "rawset(check, 'luhn', nil)",
        "setmetatable(check, {})",
        "table.insert(check, 1)",
      })
  void theCheckDigitsCannotBeChanged(String source) {
    assertThatThrownBy(() -> LuaSandbox.load("t.lua", source))
        .hasMessage("t.lua:1: attempt to change a read-only table");
  }

  @Test
  void aScriptMayHaveFunctionsOfItsOwnByThoseNames() throws ScriptException {
    LuaSandbox sandbox =
        LuaSandbox.load(
            "t.lua",
            """
            function check(s) return s .. "!" end
            function permute(s) return check(s) end
            function f() return permute("a") end
            """);
    assertThat(sandbox.call(sandbox.function("f")).tojstring()).isEqualTo("a!");
    assertThat(evaluate("check.luhn('1')")).isEqualTo("18");
  }

  @Test
  void textsOfValuesNameNoJavaClass() throws ScriptException {
    assertThat(evaluate("tostring(string.format)")).matches("function: 0x[0-9a-f]+");
    assertThat(evaluate("tostring({})")).matches("table: 0x[0-9a-f]+");
    assertThat(evaluate("tostring(function() end)")).matches("function: 0x[0-9a-f]+");
  }

  @Test
  void aFailureOfTheHostIsNoNewsForTheAuthor() throws ScriptException {
    LuaSandbox sandbox = LuaSandbox.load("order_id.lua", EXAMPLE);
    LuaValue broken =
        new OneArgFunction() {
          @Override
          public LuaValue call(LuaValue self) {
            throw new IllegalStateException("secret");
          }
        };
    LuaValue create = sandbox.function("create_id");
    assertThatThrownBy(() -> sandbox.call(create, counter(broken), now(), LuaValue.NIL))
        .isInstanceOf(ScriptException.class)
        .hasMessage("order_id.lua:5: internal error")
        .hasCauseInstanceOf(IllegalStateException.class);
  }

  @Test
  void abandonmentPassesThroughAndTheSandboxGoesOn() throws ScriptException {
    LuaSandbox sandbox =
        LuaSandbox.load(
            "deep.lua",
            """
            function inner(counter) return counter:generate_counter() end
            function create_id(counter)
              local t = setmetatable({}, {__index = function() return inner(counter) end})
              local s = ("x"):gsub("x", function() return t.y end)
              table.sort({2, 1}, function(a, b) return inner(counter) < 0 end)
              return s
            end
            """);
    LuaValue create = sandbox.function("create_id");
    ScriptAbandoned signal = new CounterEmpty();
    for (int i = 0; i < 1000; i++) {
      assertThatThrownBy(
              () -> sandbox.call(create, counter(abandoning(signal)), LuaValue.NIL, LuaValue.NIL))
          .isSameAs(signal);
      LuaValue id = sandbox.call(create, counter(returning(i)), LuaValue.NIL, LuaValue.NIL);
      assertThat(id.toint()).isEqualTo(i);
    }
    assertThat(signal.getStackTrace()).isEmpty();
    assertThat(signal.getSuppressed()).isEmpty();
  }

  @Test
  void sandboxesOfTwoThreadsDoNotInterfere() throws Exception {
    Callable<Integer> worker =
        () -> {
          LuaSandbox sandbox =
              LuaSandbox.load(
                  "t.lua",
                  """
                  n = 0
                  function f(a)
                    n = n + 1
                    local s = ("%05d|%s"):format(n, a):upper():rep(2)
                    return s:gsub("%d+", function(d) return d + 0 end) .. s:match("|(%a+)")
                  end
                  """);
          LuaValue f = sandbox.function("f");
          for (int i = 1; i <= 20_000; i++) {
            LuaValue text = LuaValue.valueOf("x" + (char) ('a' + i % 26));
            String upper = text.tojstring().toUpperCase(java.util.Locale.ROOT);
            String expected = i + "|" + upper + i + "|" + upper + upper;
            String actual = sandbox.call(f, text, LuaValue.NIL, LuaValue.NIL).tojstring();
            assertThat(actual).isEqualTo(expected);
          }
          return sandbox.call("f", LuaValue.valueOf("q")).narg();
        };
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      Future<Integer> one = threads.submit(worker);
      Future<Integer> two = threads.submit(worker);
      assertThat(one.get()).isEqualTo(1);
      assertThat(two.get()).isEqualTo(1);
    } finally {
      threads.shutdownNow();
    }
  }
}
