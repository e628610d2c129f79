-- Prints what real Lua 5.1 answers to string.format, one case a line:
--   format <TAB> argument <TAB> ... <TAB> => <TAB> result      or   !! <TAB> error
-- Arguments carry their type: n:<number>, s:<string>, and nil, true, t (a table).
-- Only cases whose answer C leaves to no machine. Run with: lua5.1 format_table.lua > format-5.1.txt

local function escape(text)
  return (text:gsub("[%z\1-\31\\\127-\255]", function(c)
    return string.format("\\%03d", c:byte())
  end))
end

local seen = {}

local function case(format, ...)
  local parts, args, count = { escape(format) }, { ... }, select("#", ...)
  for i = 1, count do
    local value = args[i]
    if type(value) == "number" then
      local text = string.format("%.17g", value)
      parts[#parts + 1] = "n:" .. text
    elseif type(value) == "string" then
      parts[#parts + 1] = "s:" .. escape(value)
    elseif type(value) == "table" then
      parts[#parts + 1] = "t"
    else
      parts[#parts + 1] = tostring(value)
    end
  end
  -- called from Lua, for the function's name in errors; the place of the error is not compared
  local ok, result = pcall(function(...)
    local text = string.format(format, ...)
    return text
  end, ...)
  parts[#parts + 1] = ok and "=>" or "!!"
  parts[#parts + 1] = escape(ok and result or result:gsub("^[^:]*:%d+: ", "", 1))
  local line = table.concat(parts, "\t")
  if not seen[line] then
    seen[line] = true
    print(line)
  end
end

local flags = { "", "-", "+", " ", "#", "0", "+0", "-#", "+-#0 " }

-- C leaves some flags undefined for some conversions
local function usable(flag, conversion)
  if conversion:find("[diu]") and flag:find("#", 1, true) then
    return false
  end
  if conversion:find("[sc]") and flag:find("[#0+ ]") then
    return false
  end
  return not (conversion:find("[uoxX]") and flag:find("[+ ]"))
end

local function each(conversions, sizes, values)
  for conversion in conversions:gmatch(".") do
    for _, flag in ipairs(flags) do
      if usable(flag, conversion) then
        for _, size in ipairs(sizes) do
          for _, value in ipairs(values) do
            -- some C libraries lose the zeros of %#g where rounding makes the number longer
            if conversion ~= "g" or not flag:find("#", 1, true) or value ~= 99.5 and value ~= 999999.5 then
              case("%" .. flag .. size .. conversion, value)
            end
          end
        end
      end
    end
  end
end

local whole = { 0, 1, -1, 7, 42, -255, 9999, 86400, 2 ^ 31, -2 ^ 31, 2 ^ 53, -2 ^ 53 }
each("di", { "", "1", "4", "12", ".0", ".3", "8.5", "99", "2.9" }, whole)
local natural = { 0, 1, 8, 42, 255, 2 ^ 31, 2 ^ 32 - 1, 2 ^ 53 }
each("uoxX", { "", "4", "12", ".0", "8.5", "20" }, natural)

local huge = 1 / 0
local real = {
  0, 1, -1, 0.5, 1.5, 2.5, -2.5, 0.1, 1 / 3, 2 / 3, 9.5, 9.995, 99.5, 0.045, 1.005,
  123456789, 1e15, 1e16, 1e100, -1e-100, 5e-324, 1.7976931348623157e308, 2 ^ 53, 1e-5, 0.0001, 123456.5, 999999.5,
  huge, -huge,
}
each("efg", { "", ".0", ".1", ".3", "12.2", "20" }, real)
each("EG", { "", "9.2" }, { 1e-10, 12345.678, 1e20, huge, -huge })
for _, value in ipairs(real) do
  for _, size in ipairs({ ".14", ".15", ".17", ".30", ".99", "99.0" }) do
    for conversion in ("efgG"):gmatch(".") do
      if #tostring(value) < 12 or size ~= ".99" then
        case("%" .. size .. conversion, value)
      end
    end
  end
end

-- a fixed sequence of numbers of every size, the same on every machine
local state = 20261122
local function random(n)
  state = (state * 16807) % 2147483647
  return state % n
end
for _ = 1, 600 do
  local value = (random(2000000) - 1000000) * 2 ^ (random(80) - 40) / (1 + random(99))
  local conversion = ("efgEG"):sub(1 + random(5)):sub(1, 1)
  case("%" .. flags[1 + random(#flags)] .. random(30) .. "." .. random(20) .. conversion, value)
  case("%.14g", value)
end
for _ = 1, 200 do
  local value = math.floor((random(2000000) - 1000000) * 2 ^ random(33))
  case("%0" .. (1 + random(20)) .. "d", value)
  case("%" .. (1 + random(20)) .. "d|%x", value, math.abs(value))
end

-- numbers that have to be cut, and texts that are numbers
for _, value in ipairs({ 3.7, -3.7, 0.99, 65.2, "12", " 42 ", "0x1F", "1e3", "7.9", "-8", "007" }) do
  case("%d", value)
  case("%5.1f", value)
  case("%s", value)
  case("%c", type(value) == "number" and math.abs(value) or 65)
end

local texts = { "", "a", "hello", "two words", "a\0b", "\0", ("x"):rep(99), ("x"):rep(100), ("y"):rep(99) .. "\0z",
  ("x"):rep(98) .. "\0" .. ("z"):rep(40), "quote\" and \\ and\nline\r\0\1\200 end", "caf\195\169" }
each("s", { "", "1", "8", "20", ".0", ".3", "8.2", "99", ".99", "10.99" }, texts)
for _, text in ipairs(texts) do
  case("%q", text)
  case("%5q", text)
end
each("c", { "", "1", "5" }, { 65, 0, 10, 255, 48 })
for _, value in ipairs({ 0, 1, 2 ^ 31, 2 ^ 53, 1e14, 1e15, 123456789012345, 0.1, 1e100, -1.5, huge, -huge }) do
  case("%s", value)
  case("%10s|", value)
  case("%q", value)
end

-- what is not a format
for c = 0, 255 do
  local letter = string.char(c)
  if not letter:find("[diuoxXeEfgGcsq%%%d%-+ #.%z]") then
    case("%" .. letter, 1)
  end
end
for _, format in ipairs({
  "%", "%5", "%.", "%-", "%.5", "%123d", "%1234d", "%.123d", "%5.123d", "%------d", "%-----d", "%+-#0 d", "%+-#0 +d",
  "%000000d", "%00000d", "%0012345d", "%y", "%ld", "%hd", "%lld", "%*d", "%.*d", "%p", "%n", "%a", "%A", "%i.%d",
  "abc%", "%d%", "%%", "%%%d%%", "100%%", "%5%", "%-%", "%1.2.3d", "%.d", "%5.d", "%.s", "%5.s|", "%.g", "%#.g", "%.f",
  "%+q", "%.2q", "%20.5q", "%-12345s",
}) do
  case(format)
  case(format, 5)
  case(format, "5")
  case(format, 5, 6)
end
for conversion in ("diuoxXeEfgGcsq"):gmatch(".") do
  local format = "%" .. conversion
  case(format)
  case(format, nil)
  case(format, true)
  case(format, {})
  case("%d" .. format, 1)
  case("%d" .. format, 1, nil)
  case("%d" .. format, 1, {})
  if conversion ~= "s" and conversion ~= "q" then
    case(format, "")
    case(format, "x")
    case(format, "12x")
    case(format, "1 2")
    case(format, "-")
    case(format, "0x")
    case(format, "\t7\n")
  end
end
case("%01d%02d%02d%04d", 6, 11, 22, 417)
case("O%02d%02d%02d%06d", 26, 11, 22, 417)
case("%s-%s-%s", "a", 1, 2.5)
case("no items")
case("")
case("nul\0 inside %d", 5)
