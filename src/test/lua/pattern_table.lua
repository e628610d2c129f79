-- Prints what real Lua 5.1 answers to find, match, gmatch and gsub, one case a line:
--   function <TAB> subject <TAB> pattern <TAB> more arguments <TAB> => <TAB> results   or   !! <TAB> error
-- Arguments and results carry their type: n:<number>, s:<string>, nil, true.
-- Run with: lua5.1 pattern_table.lua > pattern-5.1.txt

local function escape(text)
  return (text:gsub("[%z\1-\31\\\127-\255]", function(c)
    return string.format("\\%03d", c:byte())
  end))
end

local function show(value)
  if type(value) == "string" then
    return "s:" .. escape(value)
  elseif type(value) == "number" then
    return "n:" .. value
  end
  return tostring(value)
end

local function all(subject, pattern)
  local found, guard = {}, 0
  for a, b in string.gmatch(subject, pattern) do
    found[#found + 1] = show(a) .. (b ~= nil and "&" .. show(b) or "")
    guard = guard + 1
    if guard > 50 then
      break
    end
  end
  return table.concat(found, ",")
end

local functions = { find = string.find, match = string.match, gsub = string.gsub, gmatch = all }
local seen = {}

local function case(name, ...)
  local parts, args, count = { name }, { ... }, select("#", ...)
  for i = 1, count do
    parts[#parts + 1] = show(args[i])
  end
  local function collect(...)
    return select("#", ...), { ... }
  end
  local last, results = collect(pcall(functions[name], ...))
  if results[1] then
    parts[#parts + 1] = "=>"
    for i = 2, last do
      parts[#parts + 1] = show(results[i])
    end
  else
    parts[#parts + 1] = "!!"
    -- called through pcall, a function has no name, and no place
    parts[#parts + 1] = escape((results[2]:gsub("'%?'", "'" .. name .. "'", 1):gsub("^[^:]*:%d+: ", "", 1)))
  end
  local line = table.concat(parts, "\t")
  if not seen[line] then
    seen[line] = true
    print(line)
  end
end

local subjects = {
  "", "a", "aaa", "abc", "hello world", "key = value", "2026-11-22", "f(a(b)c)d", "  trim me  ",
  "a.b%[c]", "line one\nline two\r\n", "\0zero\0", "abab", "caf\195\169",
}
local patterns = {
  "", "a", ".", "a*", "a+", "a-", "a?", "^a", "a$", "^$", "^", "$", "%a+", "%d+", "%s*", "%w+", "%p", "%u%l*", "%x+", "%c",
  "%z", "%S+", "%D+", "%A", "%W", "(%a+)", "(%d+)-(%d+)-(%d+)", "(a)(b)", "()", "()a()", "(a*(.)%w(%s*))", "[abc]+", "[^abc]+",
  "[a-c]+", "[%a_][%w_]*", "[]]", "[^]]", "[]-a]", "[a-]", "[%]]", "[%-x]", "[^%s]+", "%b()", "%bxy", "(.)%1", "(a)%1", "%f[%a]%a+",
  "%f[%z]", "^(.-)%s*$", "^%s*(.-)%s*$", "(%w+)%s*=%s*(%w+)", ".-b", ".-$", "%.", "%%", "a.c", "l+", "o.-o", "^hello", "^h?ello",
  "x*y", "\n", "%d$", "[a-z]*", "[^%d]*%d", "((a)(b))", "(a)|(b)", "a^b", "a$b", "$a", "^^a", "b*$", "X", "%l%l%l", "[0-9]+",
}
local malformed = {
  "%", "a%", "[", "[^", "[a", "[]", "[a%", "[%", "(", "(a", "a)", ")", "%1", "(a%1)", "%b", "%bx", "%f", "%fa", "(()", "())",
  "%2(a)", "%0", "(a)%2", "(a)%0",
}
for _, subject in ipairs(subjects) do
  for _, pattern in ipairs(patterns) do
    case("find", subject, pattern)
    case("match", subject, pattern)
    case("gmatch", subject, pattern)
    case("gsub", subject, pattern, "<%0>")
  end
end
for _, subject in ipairs({ "", "a", "aa(b)" }) do
  for _, pattern in ipairs(malformed) do
    case("find", subject, pattern)
    case("match", subject, pattern)
    case("gmatch", subject, pattern)
    case("gsub", subject, pattern, "x")
  end
end
for _, pattern in ipairs({ "a", "l", "o w", "", "%a", "^h", "(l)(o)", "." }) do
  for _, init in ipairs({ 1, 2, 4, 5, 11, 12, 13, 99, 0, -1, -3, -11, -99, 2.7 }) do
    case("find", "hello world", pattern, init)
    case("find", "hello world", pattern, init, true)
    case("match", "hello world", pattern, init)
  end
end
for _, replacement in ipairs({ "", "x", "%1", "%2", "%0%0", "%%", "%", "a%", "%x", "%9", "<%1-%2>", 7, 1.5 }) do
  for _, pattern in ipairs({ "", "l", "(l)(.)", "()l", "(h)|x", "%w+", "^h", "x*" }) do
    case("gsub", "hello world", pattern, replacement)
    case("gsub", "hello world", pattern, replacement, 1)
    case("gsub", "hello world", pattern, replacement, 0)
    case("gsub", "hello world", pattern, replacement, -1)
  end
end
case("find", "a+b", "+", 1, true)
case("find", "a+b", "+b", 1, true)
case("match", ("(a)"):rep(3), ("(%()"):rep(1) .. ("()"):rep(30))
case("match", "aaa", ("()"):rep(32))
case("match", "aaa", ("()"):rep(33))
case("gsub", "abc", "b")
case("gsub", "abc", "b", true)
case("gsub", "abc", "b", nil)
