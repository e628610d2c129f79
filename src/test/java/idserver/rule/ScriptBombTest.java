package idserver.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.luaj.vm2.LuaValue;

/** Scripts that try to take more time, stack or memory than they are given. */
class ScriptBombTest {
  private static final String SPENT = "t.lua:\\d+: (too many instructions|took longer than .*)";

  private static void assertStopped(String body, String pattern) throws ScriptException {
    LuaSandbox sandbox =
        LuaSandbox.load(
            "t.lua", "function good() return 'ok' end function bad()\n" + body + "\nend");
    LuaValue bad = sandbox.function("bad");
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> sandbox.call(bad))
          .isInstanceOf(ScriptException.class)
          .message()
          .matches(pattern);
      assertThat(sandbox.call(sandbox.function("good")).tojstring()).isEqualTo("ok");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "while true do end",
        "repeat until false",
        "for i = 1, math.huge do end",
        "::again:: goto again",
        "for k in function() return 1 end do end",
        "string.gsub(('x'):rep(60000), '', function() for i = 1, 1000 do end end)",
        "table.sort({3, 2, 1}, function() while true do end end)",
        "local t = setmetatable({}, {__index = function(t, k) while true do end end}) return t.x",
        "return tostring(setmetatable({}, {__tostring = function() while true do end end}))",
        "local t = {} for i = 1, math.huge do t[i] = {} end",
        "local t = {} for i = 1, math.huge do t[i] = ('x'):rep(65536) end",
        "local t = {} for i = 1, math.huge do t[i] = {unpack(t, 1, 8000)} end",
        "local t, s = {}, ('x'):rep(60000) for i = 1, math.huge do t[i] = s .. i end",
        "local t = {} for i = 1, math.huge do t[i] = string.format('%99.99f', 1e300) end",
        "local t = {} for i = 1, math.huge do t[i] = function(a) return t, a end end",
        "local function f(...) return (function(...) return ... end)(1, ...) end"
            + " local a = {} while true do a = {f(unpack(a))} end",
        "table.insert({}, -2000000000, 1)",
        "return table.concat({}, '', 1, 2000000000) ",
        "local s = ('x'):rep(65536) local a, b = s .. '', ('x'):rep(65535) .. 'y'"
            + " while true do if a < b then end end",
        "local t = {} for i = 1, 40000 do t[i * 1.5] = i end"
            + " for i = 1, 40000 do t[i * 1.5] = nil end while true do next(t) end",
        "local s = ('7'):rep(60000) while true do check.luhn(s) end",
        "local s = ('7'):rep(65535) while true do check.verhoeff(s) end",
        "local s = ('Z'):rep(65534) while true do check.mod97(s) end",
        "while true do permute(1, 9007199254740992, 'the same key again') end",
        "for i = 1, math.huge do permute(0, 9, 'another key each time' .. i) end",
        "local s = ('k'):rep(60000) for i = 1, math.huge do permute(0, i, s) end",
      })
  void endsWithTheBudget(String body) throws ScriptException {
    assertStopped(body, SPENT + "|t.lua:\\d+: (invalid value|string longer|calls nested).*");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "return (string.rep('a', 60) .. 'b'):match('a*a*a*a*a*a*a*a*c')",
        "return ('a'):rep(40):match(('a?'):rep(40) .. ('a'):rep(40) .. 'b')",
        "return ('a'):rep(2000):find('.-.-.-.-.-.-x')",
        "return ('a'):rep(30000):find('.*.*.*.*.*x')",
        "return ('a'):rep(5000):gsub('a-a-a-a-b', '')",
        "for w in ('a'):rep(5000):gmatch('a*a*a*a*b') do end",
        "return ('('):rep(60000):find('%b()x')",
        "return ('a'):rep(60000):find(('a'):rep(30000) .. 'b', 1, true)",
        "return ('a'):rep(60000):find('[' .. ('%d'):rep(30000) .. ']')",
        "return ('a'):rep(60000):find('^(a*)%1-x')",
      })
  void patternsEndWithTheBudget(String body) throws ScriptException {
    assertStopped(body, SPENT);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "local s = 'x' while true do s = s .. s end",
        "local s = 'x' while true do s = s .. 'a' .. s .. 1 end",
        "local s = 'x' while true do s = s .. 1.5 .. s end",
        "return ('x'):rep(65537)",
        "return ('x'):rep(1e9)",
        "return ('xyz'):rep(2147483647)",
        "return ('x'):rep(60000):gsub('x', 'yy')",
        "return ('x'):rep(60000):gsub('x', function() return 'yy' end)",
        "return ('x'):rep(60000):gsub('.*', '%0%0')",
        "return string.format('%s%s', ('x'):rep(40000), ('x'):rep(40000))",
        "local t = {} for i = 1, 9 do t[i] = ('x'):rep(8000) end return table.concat(t)",
        "return table.concat({1, 2, 3}, ('x'):rep(40000))",
        "return string.format('%q', ('\"'):rep(40000))",
        "local t = setmetatable({}, {__concat = function(a, b) return ('x'):rep(65536) end})"
            + " local s = 'a' .. t return s .. 'b'",
      })
  void stringsStayShort(String body) throws ScriptException {
    assertStopped(body, "t.lua:2: string longer than 65536 bytes");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "local function f() return 1 + f() end return f()",
        "local function f() return f() end return f()",
        "local t = {} setmetatable(t, {__index = function(t, k) return t[k .. 'x'] end}) return t.a",
        "local t = {} setmetatable(t, {__tostring = function(t) return tostring(t) end})"
            + " return tostring(t)",
        "local function f(s) return (s:gsub('.', f)) end return f('a')",
        "local function f() table.sort({1, 2}, f) end return f()",
      })
  void recursionIsBounded(String body) throws ScriptException {
    assertStopped(body, "t.lua:2: calls nested deeper than 200");
  }

  @Test
  void endlessMetatableChainsAreBounded() throws ScriptException {
    assertStopped(
        "local t = {} setmetatable(t, {__index = t, __newindex = t}) t.x = 1",
        "t.lua:2: loop in (gettable|settable)");
  }

  @Test
  void deepPatternsAreRefused() throws ScriptException {
    assertStopped("return ('a'):rep(999):match(('a?'):rep(500))", "t.lua:2: pattern too complex");
  }

  @Test
  void loadingHasABudgetToo() {
    assertThatThrownBy(() -> LuaSandbox.load("t.lua", "while true do end"))
        .isInstanceOf(ScriptException.class)
        .message()
        .matches(SPENT);
  }

  @Test
  void aRecursionOfTheGivenDepthFitsOnASmallStack() throws Exception {
    LuaSandbox sandbox =
        LuaSandbox.load(
            "t.lua",
            """
            function f(n)
              if n == 0 then return 0 end
              local r
              string.gsub("a", "(a)", function() r = f(n - 1) end)
              return r + 1
            end
            """);
    LuaValue f = sandbox.function("f");
    int[] answer = new int[1];
    Thread thread =
        new Thread(
            null,
            () -> {
              try {
                answer[0] =
                    sandbox.call(f, LuaValue.valueOf(90), LuaValue.NIL, LuaValue.NIL).toint();
              } catch (ScriptException e) {
                throw new IllegalStateException(e);
              }
            },
            "small",
            256 * 1024L);
    thread.start();
    thread.join();
    assertThat(answer[0]).isEqualTo(90);
  }
}
